import pytest

from bot.rehearsal.api import METHODS
from bot.rehearsal.errors import ApiError
from bot.rehearsal.parameters import UNSUPPORTED, decode, method_name, table
from tests.rehearsal.published import needs_schema, schema


def refusal(method: str, **given: object) -> str:
    with pytest.raises(ApiError) as refused:
        decode(method, given)
    return refused.value.description.removeprefix("Bad Request: ")


@needs_schema
def test_the_excerpt_is_what_is_published() -> None:
    published = schema()
    assert table()["bot_api"] == published["bot_api"]
    assert table()["methods"] == {name: published["methods"][name]["parameters"] for name in METHODS}
    assert table()["types"] == {name: published["types"][name] for name in table()["types"]}
    assert table()["update_types"] == [name for name in published["types"]["Update"]["fields"] if name != "update_id"]


def test_every_method_is_in_the_excerpt() -> None:
    assert METHODS.keys() == table()["methods"].keys()


def test_what_is_not_supported_is_a_parameter_that_exists() -> None:
    assert {name for method in table()["methods"].values() for name in method} >= UNSUPPORTED


def test_method_names_are_read_without_regard_to_case() -> None:
    assert method_name("SENDmessage") == "sendMessage"
    assert method_name("sendPhoto") is None


def test_an_unknown_parameter_is_refused_by_name() -> None:
    assert 'unknown parameter "chatid" of getChat' in refusal("getChat", chat_id=1, chatid=1)


def test_a_missing_parameter_is_refused_in_telegrams_words() -> None:
    assert refusal("sendMessage", text="a") == "chat_id is empty"
    assert refusal("sendMessage", chat_id=1, text="") == "message text is empty"
    assert refusal("deleteMessage", chat_id=1) == "message identifier is not specified"
    assert refusal("setMyCommands") == 'parameter "commands" is required'


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ({"chat_id": "-1002000000001"}, {"chat_id": -1002000000001}),
        ({"chat_id": -1002000000001}, {"chat_id": -1002000000001}),
        ({"chat_id": "@prayer"}, {"chat_id": "@prayer"}),
    ],
)
def test_a_chat_is_named_by_number_or_name(given: dict[str, object], read: dict[str, object]) -> None:
    assert decode("getChat", given) == read


def test_a_text_of_digits_stays_a_text() -> None:
    assert decode("sendMessage", {"chat_id": "1", "text": "12"}) == {"chat_id": 1, "text": "12"}


def test_forms_carry_objects_as_json() -> None:
    markup = '{"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}'
    read = decode("editMessageReplyMarkup", {"chat_id": "1", "message_id": "2", "reply_markup": markup})
    assert read["reply_markup"] == {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"protect_content": "perhaps"}, "protect_content"),
        ({"protect_content": 1}, "protect_content"),
        ({"message_thread_id": "one"}, "message_thread_id"),
        ({"message_thread_id": True}, "message_thread_id"),
        ({"link_preview_options": "{"}, "link_preview_options"),
        ({"link_preview_options": "[]"}, "link_preview_options"),
        ({"entities": "{}"}, "entities"),
        ({"reply_markup": {"keyboard": []}}, "reply_markup"),
    ],
)
def test_an_ill_typed_parameter_is_refused_by_name(given: dict[str, object], named: str) -> None:
    assert f'can\'t parse parameter "{named}"' in refusal("sendMessage", chat_id=1, text="a", **given)


def test_the_fields_of_objects_are_checked_too() -> None:
    def button(**fields: object) -> str:
        markup = {"inline_keyboard": [[fields]]}
        return refusal("sendMessage", chat_id=1, text="a", reply_markup=markup)

    assert button(callback_data="x") == "can't parse inline keyboard button: Can't find field \"text\""
    assert button(text=1) == 'can\'t parse inline keyboard button: Field "text" must be of type String'
    assert "unknown field" in button(text="a", calback_data="x") or "none of these types" in button(
        text="a", calback="x"
    )


def test_what_nobody_acts_out_is_refused() -> None:
    assert "does not support" in refusal("sendMessage", chat_id=1, text="a", business_connection_id="x")
    markup = {"inline_keyboard": [[{"text": "a", "web_app": {"url": "https://example.org"}}]]}
    assert "does not support WebAppInfo" in refusal("sendMessage", chat_id=1, text="a", reply_markup=markup)


def test_scopes_are_told_apart_by_their_type() -> None:
    scope = {"type": "chat_member", "chat_id": -5, "user_id": 6}
    assert decode("getMyCommands", {"scope": scope})["scope"] == scope
    assert refusal("getMyCommands", scope={"type": "everyone"}).startswith("can't parse BotCommandScope")
    assert 'Can\'t find field "chat_id"' in refusal("getMyCommands", scope={"type": "chat"})
