from typing import Any

import pytest
from telegram import ChatFullInfo, ChatPermissions

from bot.domain.chat import Chat, ChatType, why_not_private
from bot.telegram.messenger import chat_facts

BARE: dict[str, Any] = {
    "id": -1001,
    "type": "supergroup",
    "title": "Harbour",
    "accent_color_id": 0,
    "max_reaction_count": 1,
    "accepted_gift_types": {
        "unlimited_gifts": False,
        "limited_gifts": False,
        "unique_gifts": False,
        "premium_subscription": False,
        "gifts_from_channels": False,
    },
}


def facts(**more: object) -> Chat:
    return chat_facts(ChatFullInfo.de_json({**BARE, **more}, None))


def test_a_group_with_nothing_that_shows_it_is_private() -> None:
    assert facts() == Chat(-1001, ChatType.SUPERGROUP, "Harbour")
    assert why_not_private(facts(invite_link="https://t.me/+x", has_visible_history=True)) is None


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ({"username": "harbour"}, "public"),
        ({"active_usernames": ["harbour"]}, "public"),
        ({"location": {"location": {"longitude": 1.0, "latitude": 2.0}, "address": "Quay"}}, "location"),
        ({"linked_chat_id": -1002}, "linked"),
        # Newer than python-telegram-bot knows.
        ({"community": {"id": 7}}, "community"),
        ({"community": {}}, "community"),
        ({"type": "channel"}, "channel"),
        ({"type": "private"}, "no_group"),
    ],
)
def test_every_fact_that_makes_a_chat_public_is_read(field: dict[str, object], reason: str) -> None:
    assert why_not_private(facts(**field)) == reason


def test_what_is_worth_showing_to_admins_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # as the bot runs with it
    shown = facts(
        is_forum=True,
        join_by_request=True,
        has_visible_history=True,
        message_auto_delete_time=86400,
        has_protected_content=True,
    )
    assert (shown.is_forum, shown.joins_by_request, shown.shows_history) == (True, True, True)
    assert (shown.deletes_itself, shown.is_protected, shown.members_add) == (True, True, None)


@pytest.mark.parametrize("may", [True, False])
def test_whether_members_may_add_others_is_read(may: bool) -> None:
    rights = dict.fromkeys(ChatPermissions.no_permissions().to_dict(), False) | {"can_invite_users": may}
    assert facts(permissions=rights).members_add is may


def test_empty_user_names_make_nothing_public() -> None:
    assert why_not_private(facts(active_usernames=[], username="")) is None


def test_a_kind_of_chat_that_nobody_knows_is_not_private() -> None:
    assert why_not_private(facts(type="galaxy")) == "channel"
