import pytest

from bot.domain.bulletin import Kind
from bot.loader.kinds import invites, kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pray for the judge.", Kind.PRAYER),
        ("Ask God for rain.", Kind.PRAYER),
        ("We ask God that the road stays open.", Kind.PRAYER),
        ("Praise God for rain!", Kind.PRAISE),
        ("We give thanks for rain, and we ask for seed.", Kind.MIXED),
        ("Praise God! We ask that you tell nobody.", Kind.PRAISE),
        ("Praise God for groups that have begun to pray each week.", Kind.PRAISE),
        ("Thank the Lord for the new roof.", Kind.PRAISE),
        ("A roof stands over us. We are grateful.", Kind.PRAISE),
        ("Praise God for rain, and pray for seed.", Kind.MIXED),
        ("Join us in praising God, and in praying for seed.", Kind.MIXED),
        ("Praise God! We have been praying for this for years.", Kind.PRAISE),
        ("Praise God, and thank you for praying.", Kind.PRAISE),
        ("Praise God: your prayers were heard.", Kind.PRAISE),
        ("Pray for those who received praise from a minister.", Kind.PRAYER),
        ("We’re so thankful for a new well. Please pray for its keeper.", Kind.MIXED),
        ("We are grateful for your letters. Please pray for rain.", Kind.PRAYER),
        ("Pray for Ana, who is thankful to be home.", Kind.PRAYER),
        ("Pray that they be able to praise God again.", Kind.PRAYER),
        ("Please be in prayer for the trial.", Kind.PRAYER),
    ],
)
def test_a_point_says_what_it_asks_for(text: str, expected: Kind) -> None:
    assert kind(text) is expected


@pytest.mark.parametrize(
    "text",
    [
        "Pray!",
        "• Pray for rain.",
        "2. Praise God.",
        "It rains. Please, continue to pray.",
        "We pray that it rains.",
        "Also praise God.",
    ],
)
def test_a_sentence_that_begins_with_prayer_invites(text: str) -> None:
    assert invites(text)


@pytest.mark.parametrize(
    "text", ["They thank us for our prayers.", "Here are some prayer points:", "The office is in Oslo."]
)
def test_other_text_does_not_invite(text: str) -> None:
    assert not invites(text)
