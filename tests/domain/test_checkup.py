from dataclasses import replace

import pytest

from bot.domain.chat import Chat, ChatType, Rights
from bot.domain.checkup import Finding, Verdict, bad_now, examine

# A group that keeps its requests as well as a group can.
SAFE = Chat(
    -1001, ChatType.SUPERGROUP, members_add=False, joins_by_request=True, deletes_itself=True, is_protected=True
)
ALL_RIGHTS = Rights(is_admin=True, may_invite=True)


def verdicts(
    chat: Chat = SAFE, rights: Rights = ALL_RIGHTS, *, topic_open: bool | None = None, open_link: bool = False
) -> dict[str, Verdict]:
    found = examine(chat, rights, topic_open=topic_open, open_link=open_link)
    return {each.key: each.verdict for each in found}


def test_of_a_safe_group_all_is_good() -> None:
    assert set(verdicts().values()) == {Verdict.GOOD}


@pytest.mark.parametrize(
    ("key", "fact"),
    [
        ("private", {"has_username": True}),
        ("private", {"is_linked": True}),
        ("adding", {"members_add": True}),
        ("history", {"shows_history": True}),
        ("timer", {"deletes_itself": False}),
        ("protection", {"is_protected": False}),
    ],
)
def test_each_fault_of_a_group_is_found_and_nothing_else(key: str, fact: dict[str, bool]) -> None:
    found = verdicts(replace(SAFE, **fact))  # type: ignore[arg-type]
    assert {name for name, verdict in found.items() if verdict is not Verdict.GOOD} == {key}
    assert found[key] is Verdict.BAD


def test_a_group_that_is_not_private_says_why() -> None:
    assert Finding("private", Verdict.BAD, "location") in examine(replace(SAFE, has_location=True), ALL_RIGHTS)


def test_that_links_need_approval_is_not_known_of_a_private_group() -> None:
    assert verdicts(replace(SAFE, joins_by_request=False))["approval"] is Verdict.UNKNOWN


def test_whoever_came_by_an_open_link_proves_that_not_all_need_approval() -> None:
    for chat in (SAFE, replace(SAFE, joins_by_request=False)):
        assert verdicts(chat, open_link=True)["approval"] is Verdict.BAD


@pytest.mark.parametrize("rights", [ALL_RIGHTS, Rights()], ids=["admin", "member"])
def test_a_basic_group_never_hides_all_that_was_written_before(rights: Rights) -> None:
    found = verdicts(replace(SAFE, type=ChatType.GROUP), rights)
    assert found["basic_history"] is Verdict.BAD
    assert "history" not in found


def test_what_telegram_leaves_out_is_unknown() -> None:
    assert verdicts(replace(SAFE, members_add=None))["adding"] is Verdict.UNKNOWN


def test_what_only_admins_are_told_is_unknown_to_a_plain_member() -> None:
    found = verdicts(rights=Rights())
    assert found["history"] is Verdict.UNKNOWN
    assert (found["admin"], found["inviting"]) == (Verdict.BAD, Verdict.BAD)


def test_an_admin_without_the_right_to_invite_is_told_so() -> None:
    found = verdicts(rights=Rights(is_admin=True))
    assert (found["admin"], found["inviting"]) == (Verdict.GOOD, Verdict.BAD)


def test_topics_are_spoken_of_only_where_there_are_some() -> None:
    assert "topic" not in verdicts()
    assert verdicts(topic_open=True)["topic"] is Verdict.GOOD
    assert verdicts(topic_open=False)["topic"] is Verdict.BAD


def test_what_cannot_be_known_now_is_as_it_was() -> None:
    seen = [Finding("timer", Verdict.BAD), Finding("history", Verdict.UNKNOWN), Finding("admin", Verdict.GOOD)]
    assert bad_now(seen, frozenset({"history", "admin"})) == {"timer", "history"}
    assert bad_now(seen, frozenset()) == {"timer"}
