from dataclasses import replace

import pytest

from bot.domain.chat import Chat, ChatType, why_not_private

GROUP = Chat(-1, ChatType.GROUP)
SUPERGROUP = Chat(-1001, ChatType.SUPERGROUP)


@pytest.mark.parametrize("chat", [GROUP, SUPERGROUP], ids=["group", "supergroup"])
def test_a_group_that_nobody_else_can_find_is_private(chat: Chat) -> None:
    assert why_not_private(chat) is None


@pytest.mark.parametrize("chat", [GROUP, SUPERGROUP], ids=["group", "supergroup"])
@pytest.mark.parametrize(
    ("fact", "reason"),
    [("has_username", "public"), ("has_location", "location"), ("is_linked", "linked"), ("is_community", "community")],
)
def test_each_way_of_being_found_makes_a_group_public(chat: Chat, fact: str, reason: str) -> None:
    public: Chat = replace(chat, **{fact: True})  # type: ignore[arg-type]
    assert why_not_private(public) == reason


@pytest.mark.parametrize(("kind", "reason"), [(ChatType.CHANNEL, "channel"), (ChatType.PRIVATE, "no_group")])
def test_what_is_no_group_is_never_a_private_group(kind: ChatType, reason: str) -> None:
    assert why_not_private(Chat(1, kind)) == reason
