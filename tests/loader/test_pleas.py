"""Pleas to keep requests private are set aside in whatever words they come, and told; requests of like words stay."""

import pytest

from bot.loader.notes import holds_note, note
from bot.loader.profile import Profile


@pytest.mark.parametrize(
    "text",
    [
        "For the ears of praying friends only.",
        "Internal use only.",
        "Confidential: for the night watch.",
        "Distribution limited to elders.",
        "Not to be pinned up or put in a newsletter, please.",
        "No forwarding, please.",
        "Nothing of this belongs on a blog.",
        "Names here must stay off the web.",
        "We share these stories with you in confidence.",
        "Keep the names to yourselves.",
        "Please guard the people named above.",
        "Handle with care: two cases are in court.",
        "For safety, please delete this e-mail after reading.",
        "These may be read aloud, but not printed.",
        "Treat what is written here with care, please.",
        "Keep all of it offline, as cases may change.",
        "Among friends only: no forwarding, nothing online.",
        "Pray with us, and keep what you hear to yourself.",
        "The families trust us. So pray these requests, but never post them online.",
        "Please pray over these in your small group, and not on the internet.",
        "The stories here are meant for your private prayers only.",
        "For everybody's safety this sheet must stay within your home group.",
        "Cases change, so please pray from this list and then shred it.",
    ],
)
def test_a_plea_is_set_aside_as_a_doubtful_note(text: str, profile: Profile) -> None:
    found = note(text, profile)
    assert found is not None and found.doubtful


@pytest.mark.parametrize(
    "text",
    [
        "Confidential talks with the minister have begun.",
        "For information on the case, the police call our team only.",
        "No publication of the verdict is allowed until May.",
        "Not for years has the village seen a judge.",
        "None of the women want their story to become public.",
        "The courts protect the privacy of children under a new law.",
        "Officers will handle the case with care, and treat all survivors with respect.",
        "The farm families keep their animals, and have nothing to read online.",
        "Two boys stay away from public places.",
        "Pray for our clients, but keep in mind that the trial may be put off.",
        "Pray for them in their grief, and that the papers do not print their names.",
        "Pray for this list of witnesses, that none be shared with the suspects.",
        "Praise God with us: no case was lost.",
        "The points of the new law are to stay between the two parties.",
        "Pray from this week on for the clerks, and then for the judges.",
    ],
)
def test_a_request_of_like_words_stays(text: str, profile: Profile) -> None:
    assert note(text, profile) is None


@pytest.mark.parametrize(
    "text",
    [
        "Please pray with discretion.",
        "When you pray in public, please leave out the names.",
        "Praying privately is the best way to use this list.",
    ],
)
def test_a_request_that_speaks_of_discretion_is_told(text: str, profile: Profile) -> None:
    assert note(text, profile) is None
    assert holds_note(text, profile)
