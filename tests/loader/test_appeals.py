"""What asks something else of its readers than prayer is known by how it speaks; what tells of people is not."""

import pytest

from bot.loader.notes import holds_note, note
from bot.loader.profile import Profile


@pytest.mark.parametrize(
    "text",
    [
        "Kindly keep these pages off the web: the people in them are real.",
        "You may read this out in church. Please do not pin it up where anyone can see it, or copy it.",
        "We ask that you not publish these points.",
        "These prayers are for praying, not for posting.",
        "Please don't photograph this list.",
        "Register at www.opengate.example before Friday.",
        "Will you stand with us this winter? Forty pounds buy a bed.",
        "To give each month, click here.",
        "Did a friend send you this letter?",
        "If you would like to help in the kitchen, speak to Ann.",
        "Save the date: an evening of song on 3 May at 7 pm, tickets £5.",
        "Next meeting: Monday in the hall, with cake.",
        "New in our shop: a calendar you can hang on any wall.",
        "[Give](https://a.example/give) | [Share](https://a.example/share)",
        "❤️ 31 💬 4 Share",
        "12 comments",
        "On Mon, 1 May 2023 at 10:00, Ruth <ruth@example.org> wrote:",
        "Our field offices in this region are in Accra, Kampala and Kigali.",
        "Our partner offices send help from Norway, Canada and Chile.",
        "Our people work from offices in Tamale and Cusco.",
        "Offices: Tamale, Cusco, Mysore",
        "The main office of Open Gate is located in Norway.",
        "We serve in Benin, Nepal and Peru.",
        "To stop receiving these letters, answer with the word END.",
        "Write to us to be taken off this list.",
        "Tel: 020 7946 0018",
        "Home > Pray > Letters",
        "Home | Prayer | Give",
        "Shop | About our house | Give",
        "Next post: Pray for the harvest",
        "Pictured: the well in Cusco",
    ],
)
def test_what_asks_for_something_else_is_set_aside(text: str, profile: Profile) -> None:
    assert note(text, profile) is not None


@pytest.mark.parametrize(
    "text",
    [
        "She was told not to share what she saw, and never to post it.",
        "The men may not leave the kiln, and their names were put on a list.",
        "Two brothers register their mother's land on Monday.",
        "Our offices in Kenya, Uganda and Ghana open again this week.",
        "Our office in Accra is in a house without water.",
        "The head office is in need of rain.",
        "Open Gate | Weekly Prayer | Volume 12",
        "The men know the owner's name, and don't share it with a stranger.",
        "Will anyone believe her?",
        "If you pray for one thing this week, pray for Amina.",
        "When will the judge read her letter?",
        "Next meeting with the minister on Monday.",
        "The judge took back his comments.",
        "Comments from home gave her hope.",
        "Order has come back to the streets of Lima.",
        "Keep the children safe, O Lord, and bring them home.",
        "Contact with her sister gave her courage.",
        "The team counts 12 new clients.",
        "Our people work from offices in Tamale and Cusco to bring 40 families home.",
        "We serve in Benin, Nepal and Peru with too few lawyers.",
        "Two clerks were removed from the case.",
        "Next: the court in Tamale hears two sisters.",
        "The workers no longer want to stay silent.",
    ],
)
def test_what_tells_of_people_is_not(text: str, profile: Profile) -> None:
    assert note(text, profile) is None


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("Join us in praying every Tuesday at noon on Zoom.", True),
        ("You can also pray with us by telephone.", True),
        ("Join us in praying for a clinic in Ghana.", False),
        ("We give glory to God for this answer to your prayers.", False),
        ('Maya said, "You prayed for me."', False),
    ],
)
def test_a_request_that_may_be_an_appeal_is_told(text: str, is_told: bool, profile: Profile) -> None:
    assert note(text, profile) is None
    assert holds_note(text, profile) is is_told
