"""What the loader writes out it reads back to the same bulletin."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.bulletin import Bulletin, Kind, Point, Request, Verse
from bot.domain.regions import Region
from bot.loader.diary import FEWEST_DAYS
from bot.loader.files import read_file
from bot.loader.headings import known
from bot.loader.lines import clean
from bot.loader.profile import Profile
from bot.loader.reading import read
from bot.loader.repair import repaired
from bot.loader.writing import write
from tests.loader.test_forms import FORMS
from tests.loader.test_reading import PIECES, PROFILE, SAMPLES, mutated, noise, shuffled

# What a text says is as doubtful written out as it was before; that its lines are in doubt never is.
OF_THE_WORDS = {
    *(
        "another-region",
        "date-unread",
        "heading-in-request",
        "note-in-request",
        "sentences-joined",
        "sentence-twice",
        "link-left-out",
    )
}


def essence(bulletin: Bulletin) -> dict[str, object]:
    requests = [(request.region, request.points, request.countries, request.dates) for request in bulletin.requests]
    return {"title": bulletin.title, "date": bulletin.published_on, "verse": bulletin.verse, "requests": requests}


def assert_comes_back(bulletin: Bulletin, profile: Profile) -> None:
    reading = read(write(bulletin, profile), profile)
    # Compared by what differs, lest a confidential text be printed.
    assert len(reading.bulletins) == 1
    assert not reading.unplaced
    assert {warning.code for warning in reading.bulletins[0].warnings} <= OF_THE_WORDS
    differing = [name for name, part in essence(bulletin).items() if essence(reading.bulletins[0])[name] != part]
    assert differing == []


words = st.one_of(st.sampled_from([piece for piece in PIECES if piece]), st.text(min_size=1, max_size=60))
texts = words.map(lambda text: " ".join(line.text for line in clean(text)).strip("*_#| ")).filter(
    lambda text: any(map(str.isalnum, text)) and repaired(text) == (text, ()) and known(text, PROFILE) is None
)
points = st.builds(Point, texts, st.sampled_from(Kind))
verses = st.builds(
    Verse,
    # Between quotation marks some letters look like broken ones, which reading puts right.
    texts.map(lambda text: text.strip("\"'“”„«»‘’ ")).filter(lambda text: text and not repaired(f"“{text}”")[1]),
    st.sampled_from(["Isaiah 1:17", "1 John 4:7-8"]),
)
requests = st.lists(
    st.builds(Request, st.sampled_from(Region), st.none(), st.lists(points, min_size=1, max_size=4).map(tuple)),
    min_size=1,
    unique_by=lambda request: request.region,
).map(tuple)
days = st.dates(date(1990, 1, 1), date(2099, 12, 31))
bulletins = st.builds(Bulletin, st.none() | texts, days, st.none() | verses, requests)


@pytest.mark.no_cover
@settings(max_examples=300, deadline=None)
@given(bulletins)
def test_any_bulletin_comes_back(bulletin: Bulletin) -> None:
    reading = read(write(bulletin, PROFILE), PROFILE)
    (back,) = reading.bulletins
    assert (back.title, back.published_on, back.verse) == (bulletin.title, bulletin.published_on, bulletin.verse)
    assert [(each.region, each.points) for each in back.requests] == [
        (each.region, each.points) for each in bulletin.requests
    ]
    assert not reading.unplaced
    assert {warning.code for warning in back.warnings} <= OF_THE_WORDS


@settings(max_examples=300, deadline=None)
@given(st.one_of(noise, shuffled, mutated))
def test_whatever_was_read_comes_back(text: str) -> None:
    for bulletin in read(text, PROFILE).bulletins:
        if is_plain(bulletin):
            assert_comes_back(bulletin, PROFILE)


def is_plain(bulletin: Bulletin) -> bool:
    """Tell whether a bulletin is none that nobody would write: a point that is a region's name, a diary of two days."""
    points = [point for request in bulletin.requests for point in request.points]
    days = {point.day_written for point in points}
    return (not bulletin.is_diary or len(days) >= FEWEST_DAYS) and not any(known(p.text, PROFILE) for p in points)


@pytest.mark.parametrize("path", [*SAMPLES, *FORMS], ids=lambda path: path.stem)
def test_the_samples_and_the_forms_come_back(path: Path) -> None:
    for bulletin in read_file(path, PROFILE).bulletins:
        assert_comes_back(bulletin, PROFILE)


def test_the_real_bulletins_come_back(bulletins: Path, profile: Profile) -> None:
    for path in sorted(bulletins.glob("*.txt")):
        for bulletin in read_file(path, profile).bulletins:
            assert_comes_back(bulletin, profile)


def test_headings_stay_as_they_are_where_the_profile_knows_them() -> None:
    known = Request(Region.ASIA_PACIFIC, "SE Asia", (Point("Pray.", Kind.PRAYER),))
    unknown = Request(Region.GLOBAL, "Wrold", (Point("A song.", Kind.MIXED),))
    assert write(Bulletin(None, None, None, (known, unknown)), PROFILE) == (
        "SE Asia\n\nPrayer: Pray.\n\nGlobal\n\nPrayer praise: A song.\n"
    )


@pytest.mark.parametrize("code", sorted(PROFILE.regions_of))
def test_a_country_that_only_a_heading_names_comes_back(code: str) -> None:
    request = Request(PROFILE.regions_of[code], None, (Point("Pray for rain.", Kind.PRAYER),), (code,))
    assert_comes_back(Bulletin(None, None, Verse("Seek justice.", "Isaiah 1:17"), (request,)), PROFILE)
