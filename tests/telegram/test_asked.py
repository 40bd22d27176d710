import re
from datetime import UTC, datetime

import pytest
from telegram import (
    CallbackQuery,
    Chat,
    ForumTopicCreated,
    InaccessibleMessage,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    MessageEntity,
    User,
)
from telegram.constants import ChatID

from bot.telegram.asked import Asked, asked_by, tapped_by
from tests.texts import LANGUAGES, WORDS

GROUP = Chat(-1001, "supergroup")
AMINA = User(71, "Amina", is_bot=False)
ANONYMOUS = User(ChatID.ANONYMOUS_ADMIN, "Group", is_bot=True)
CHANNEL_BOT = User(136817688, "Channel", is_bot=True)


def asked(text: str = "/today", chat: Chat = GROUP, user: User | None = AMINA, **more: object) -> Asked:
    command = re.match(r"/\w+(@\w+)?", text)
    marked = [MessageEntity(MessageEntity.BOT_COMMAND, 0, command.end())] if command else []
    at = datetime(2026, 3, 2, tzinfo=UTC)
    message = Message(5, at, chat, from_user=user, text=text, entities=marked, **more)  # type: ignore[arg-type]
    return asked_by(message, LANGUAGES)


def test_a_members_command_is_known_by_its_chat_message_and_person() -> None:
    assert asked("/region latin america ") == Asked(-1001, 5, None, False, 71, False, "latin america", WORDS)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("/time 07:30", "07:30"),
        ("/time@vigil_bot  7:30", "7:30"),
        ("/time", ""),
        ("/time ", ""),
        ("/days:5 mon", ":5 mon"),
        ("Nairobi", "Nairobi"),
    ],
)
def test_what_follows_the_commands_name_is_the_text(text: str, rest: str) -> None:
    assert asked(text).text == rest


def test_an_anonymous_admin_is_an_admin_and_nobody() -> None:
    found = asked(user=ANONYMOUS, sender_chat=GROUP)
    assert (found.user_id, found.anonymous_admin) == (None, True)


@pytest.mark.parametrize(
    ("user", "sender"),
    [
        (CHANNEL_BOT, Chat(-1002, "channel")),
        (ANONYMOUS, None),
        (User(9, "Another bot", is_bot=True), None),
        (None, Chat(-1002, "channel")),
        (None, None),
    ],
)
def test_channels_and_bots_are_nobody_and_no_admins(user: User | None, sender: Chat | None) -> None:
    found = asked(user=user, sender_chat=sender)
    assert (found.user_id, found.anonymous_admin) == (None, False)


def test_a_direct_chat_is_known_as_one() -> None:
    found = asked(chat=Chat(71, "private"))
    assert (found.direct, found.chat_id, found.user_id) == (True, 71, 71)


def test_an_answer_goes_to_its_topic_but_a_reply_thread_is_no_topic() -> None:
    assert asked(message_thread_id=44, is_topic_message=True).thread_id == 44
    assert asked(message_thread_id=44).thread_id is None


def tapped(message: Message | InaccessibleMessage, user: User = AMINA) -> Asked:
    return tapped_by(CallbackQuery("1", user, "1", message=message, data="pray:1"), message, "pray:1", LANGUAGES)


def test_a_tap_is_known_by_its_message_and_by_the_person_though_an_anonymous_admin() -> None:
    message = Message(5, datetime(2026, 3, 2, tzinfo=UTC), GROUP, message_thread_id=44, is_topic_message=True)
    assert tapped(message) == Asked(-1001, 5, 44, False, 71, False, "pray:1", WORDS)


def test_a_tap_under_a_message_that_telegram_shows_no_more_is_known_too() -> None:
    assert tapped(InaccessibleMessage(GROUP, 5)) == Asked(-1001, 5, None, False, 71, False, "pray:1", WORDS)


@pytest.mark.parametrize(
    ("under", "true", "lone"),
    [(["pray:1"], True, True), (["mine:1", "pray:1"], True, False), (["pray:12"], False, False), ([], False, False)],
)
def test_it_is_known_whether_the_tapped_data_is_that_of_a_button_there(
    under: list[str], true: bool, lone: bool
) -> None:
    buttons = InlineKeyboardMarkup.from_column([InlineKeyboardButton(data, callback_data=data) for data in under])
    found = tapped(Message(5, datetime(2026, 3, 2, tzinfo=UTC), GROUP, reply_markup=buttons))
    assert (found.true_button, found.lone_button) == (true, lone)


def test_a_reply_names_its_message_and_the_beginning_of_a_topic_is_none() -> None:
    day = datetime(2026, 3, 2, tzinfo=UTC)
    post, begun = Message(4, day, GROUP), Message(3, day, GROUP, forum_topic_created=ForumTopicCreated("Prayer", 1))
    assert asked(reply_to_message=post).reply_to == 4
    assert asked(reply_to_message=begun).reply_to is None
    assert asked().reply_to is None
