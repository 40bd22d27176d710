"""A request's parameters, checked against the published table and turned into Python values.

The real server ignores parameters it doesn't know; this one refuses them, so that a misspelled one is found.
`methods.json` is an excerpt of the published API (tests compare it with the whole).
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from bot.rehearsal.errors import bad_request

INTEGER = re.compile(r"[+-]?\d{1,19}")
BOOLEANS = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}

# What the real server says when these are missing; anything else gets its general sentence.
MISSING = {
    ("sendMessage", "chat_id"): "chat_id is empty",
    ("sendMessage", "text"): "message text is empty",
    ("sendChatAction", "chat_id"): "chat_id is empty",
    ("sendChatAction", "action"): "wrong parameter action in request",
    ("getChat", "chat_id"): "chat_id is empty",
    ("getChatMember", "chat_id"): "chat_id is empty",
    ("getChatMember", "user_id"): "invalid user_id specified",
    ("getChatAdministrators", "chat_id"): "chat_id is empty",
    ("leaveChat", "chat_id"): "chat_id is empty",
    ("deleteMessage", "chat_id"): "chat identifier is not specified",
    ("deleteMessage", "message_id"): "message identifier is not specified",
    ("deleteMessages", "chat_id"): "chat identifier is not specified",
    ("deleteMessages", "message_ids"): "message identifiers are not specified",
    ("createChatInviteLink", "chat_id"): "chat_id is empty",
    ("editChatInviteLink", "chat_id"): "chat_id is empty",
    ("editChatInviteLink", "invite_link"): "invite link must be non-empty",
    ("revokeChatInviteLink", "chat_id"): "chat_id is empty",
    ("revokeChatInviteLink", "invite_link"): "invite link must be non-empty",
    ("approveChatJoinRequest", "chat_id"): "chat_id is empty",
    ("approveChatJoinRequest", "user_id"): "invalid user_id specified",
    ("declineChatJoinRequest", "chat_id"): "chat_id is empty",
    ("declineChatJoinRequest", "user_id"): "invalid user_id specified",
    ("answerCallbackQuery", "callback_query_id"): (
        "query is too old and response timeout expired or query ID is invalid"
    ),
}

# Parts of the API that nothing here acts out. Refused rather than passed over in silence.
UNSUPPORTED = frozenset(
    {
        "business_connection_id",
        "direct_messages_topic_id",
        "ephemeral_message_parameters",
        "inline_message_id",
        "message_effect_id",
        "rich_message",
        "suggested_post_parameters",
    }
)

PARSING = {
    "InlineKeyboardButton": "can't parse inline keyboard button: ",
    "MessageEntity": "can't parse MessageEntity: ",
    "BotCommandScope": "can't parse BotCommandScope: ",
    "BotCommand": "can't parse BotCommand: ",
}


class MismatchError(Exception):
    """A value isn't of the type it should be."""


@cache
def table() -> Any:
    """The excerpt: `methods` (parameters by method), `types` (fields by type), `update_types`."""
    return json.loads(resources.files("bot.rehearsal").joinpath("methods.json").read_text("utf-8"))


def method_name(spelled: str) -> str | None:
    """The method's own spelling (Telegram reads method names without regard to case), None for one not served."""
    return _spellings().get(spelled.lower())


@cache
def _spellings() -> dict[str, str]:
    return {name.lower(): name for name in table()["methods"]}


def decode(method: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of `method` as Python values: int, str, bool, list, dict.

    `given` holds strings (from a query or form) or JSON values (from a JSON body). Empty strings count as absent, as
    they do for Telegram. Raises ApiError (400) that names an unknown, missing, ill-typed or unsupported parameter.
    """
    known = table()["methods"][method]
    for name in given:
        if name not in known:
            raise bad_request(
                f'unknown parameter "{name}" of {method} (the rehearsal server refuses what it does not know)'
            )
    present = {name: value for name, value in given.items() if value is not None and value != ""}
    for name, parameter in known.items():
        if parameter["required"] and name not in present:
            raise bad_request(MISSING.get((method, name), f'parameter "{name}" is required'))
    return {name: _parameter(name, known[name]["type"], value) for name, value in present.items()}


def _parameter(name: str, kind: str, value: Any) -> Any:
    if name in UNSUPPORTED:
        raise bad_request(f'the rehearsal server does not support the parameter "{name}"')
    try:
        if isinstance(value, str) and kind != "String":
            value = _from_text(kind, value)
        return _typed(kind, value)
    except MismatchError as mismatch:
        raise bad_request(f'can\'t parse parameter "{name}" as {kind}: {mismatch}') from None


def _from_text(kind: str, text: str) -> Any:
    """A string of a query or form as the JSON value it stands for."""
    kinds = kind.split(" or ")
    if "Integer" in kinds and INTEGER.fullmatch(text):
        return int(text)
    if "String" in kinds:
        return text
    if kind == "Boolean":
        return BOOLEANS.get(text.lower(), text)
    if kind == "Integer":
        return text
    try:
        return json.loads(text)
    except ValueError:
        raise MismatchError("not JSON") from None


def _typed(kind: str, value: Any) -> Any:
    """`value`, if it is of the type `kind`. Raises MismatchError, or ApiError where Telegram has a sentence for it."""
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            raise MismatchError("expected an Array")
        return [_typed(kind.removeprefix("Array of "), item) for item in value]
    kinds = kind.split(" or ")
    if len(kinds) > 1:
        return _one_of(kinds, value)
    plain = {"Integer": int, "String": str, "Boolean": bool, "True": bool}.get(kind)
    if plain is None:
        return _object(kind, value)
    if not isinstance(value, plain) or (plain is int and isinstance(value, bool)):
        raise MismatchError(f"expected {kind}")
    return value


def _one_of(kinds: list[str], value: Any) -> Any:
    """The first of several types that fits. An object is taken for the type that knows all of its fields."""
    types = table()["types"]
    if isinstance(value, dict):
        kinds = [k for k in kinds if k in types and set(value) <= set(types[k].get("fields", ()))]
    for kind in kinds:
        try:
            return _typed(kind, value)
        except MismatchError:
            continue
    raise MismatchError("it is of none of these types that the rehearsal server supports")


def _object(kind: str, value: Any) -> Any:
    described = table()["types"].get(kind)
    if described is None:
        raise bad_request(f"the rehearsal server does not support {kind}")
    if not isinstance(value, dict):
        raise MismatchError(f"{kind} must be an Object")
    if "one_of" in described:
        return _object(_scope_type(kind, value), value)
    said = next((said for name, said in PARSING.items() if kind.startswith(name)), "")
    for name in value:
        if name not in described["fields"]:
            raise bad_request(f'{said}unknown field "{name}" of {kind}')
    read = {}
    for name, field in described["fields"].items():
        if value.get(name) is not None:
            try:
                read[name] = _typed(field["type"], value[name])
            except MismatchError:
                raise bad_request(f'{said}Field "{name}" must be of type {field["type"]}') from None
        elif field["required"]:
            raise bad_request(f'{said}Can\'t find field "{name}"')
    return read


def _scope_type(kind: str, value: Mapping[str, Any]) -> str:
    """BotCommandScope is told apart by its field `type`: "all_group_chats" is BotCommandScopeAllGroupChats."""
    spelled = kind + "".join(part.capitalize() for part in str(value.get("type", "")).split("_"))
    if spelled not in table()["types"] or spelled == kind:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    return spelled
