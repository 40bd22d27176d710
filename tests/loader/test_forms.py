"""Forms in which bulletins of this family come, each as a small invented text."""

from datetime import date

import pytest

from bot.domain.bulletin import Bulletin, Verse
from bot.loader.profile import Profile
from bot.loader.reading import Reading, read

VERSE = "“Seek justice.” – Isaiah 1:17\n"


def one(text: str, profile: Profile) -> Bulletin:
    (bulletin,) = read(text, profile).bulletins
    return bulletin


def regions(bulletin: Bulletin) -> list[tuple[str, str | None]]:
    return [(request.region.value, request.heading) for request in bulletin.requests]


def points(bulletin: Bulletin, region: str) -> list[str]:
    return [point.text for request in bulletin.requests if request.region == region for point in request.points]


def codes(bulletin: Bulletin) -> list[str]:
    return [warning.code for warning in bulletin.warnings]


def unplaced(reading: Reading) -> list[str]:
    return [left.text for left in reading.unplaced]


# Headings


@pytest.mark.parametrize(
    ("line", "region", "written"),
    [
        ("Africa + Europe:", "Africa & Europe", "Africa + Europe"),
        ("AFRICA, UK & EUROPE", "Africa & Europe", "AFRICA, UK & EUROPE"),
        ("## Latin America", "Latin America", "Latin America"),
        ("**Southeast Asia**", "Asia Pacific", "Southeast Asia"),
        ("| South Asia |", "South Asia", "South Asia"),
        ("South\u00a0Asia\u200b", "South Asia", "South Asia"),
        ("Worldwide", "Global", "Worldwide"),
        ("Open Gate HQ & Global Partners", "Global", "Open Gate HQ & Global Partners"),
    ],
)
def test_headings_come_in_many_dresses(line: str, region: str, written: str, profile: Profile) -> None:
    bulletin = one(f"{VERSE}{line}\nPray for rain.", profile)
    assert regions(bulletin) == [(region, written)]
    assert codes(bulletin) == []


def test_a_heading_may_stand_before_its_text_on_one_line(profile: Profile) -> None:
    bulletin = one(f"{VERSE}**Latin America:** In Bolivia, pray for rain.\nSouth Asia | Pray for seed.", profile)
    assert regions(bulletin) == [("Latin America", "Latin America"), ("South Asia", "South Asia")]
    assert points(bulletin, "Latin America") == ["In Bolivia, pray for rain."]


def test_a_few_words_behind_a_heading_are_no_request(profile: Profile) -> None:
    bulletin = one(f"{VERSE}Latin America – June 2021\nPray for rain.", profile)
    assert regions(bulletin) == [("Latin America", "Latin America – June 2021")]
    assert codes(bulletin) == ["heading-guessed"]


def test_a_heading_with_a_slip_is_taken_with_a_warning(profile: Profile) -> None:
    bulletin = one(f"{VERSE}Latin Amercia\nPray for rain.", profile)
    assert regions(bulletin) == [("Latin America", "Latin Amercia")]
    assert codes(bulletin) == ["heading-guessed"]


def test_a_country_as_a_heading_is_taken_with_a_warning(profile: Profile) -> None:
    bulletin = one(f"{VERSE}Thailand\nPray for rain.", profile)
    assert regions(bulletin) == [("Asia Pacific", "Thailand")]
    assert codes(bulletin) == ["heading-guessed"]


def test_text_under_an_unknown_heading_goes_to_no_region(profile: Profile) -> None:
    text = f"{VERSE}Africa & Europe\nPray for Kenya.\n\nMiddle East\nPray for rain.\n\nSouth Asia\nPray for seed."
    reading = read(text, profile)
    assert unplaced(reading) == ["Middle East", "Pray for rain."]
    assert [warning.line for warning in reading.bulletins[0].warnings] == [5]


def test_regions_come_in_any_order_and_one_that_comes_twice_is_one_request(profile: Profile) -> None:
    text = "PRAY\nSouth Asia\nFor rain.\nAfrica\nFor seed.\nGIVE THANKS\nSouth Asia\nThe well is full."
    bulletin = one(text, profile)
    assert regions(bulletin) == [("South Asia", "South Asia"), ("Africa & Europe", "Africa")]
    assert [point.kind for point in bulletin.requests[0].points] == ["prayer", "praise"]
    assert codes(bulletin) == ["region-twice"]


def test_a_heading_without_text_is_noticed(profile: Profile) -> None:
    bulletin = one(f"{VERSE}Africa\nSouth Asia\nPray for rain.", profile)
    assert regions(bulletin) == [("South Asia", "South Asia")]
    assert codes(bulletin) == ["empty-heading"]


def test_regions_named_in_text_are_no_headings(profile: Profile) -> None:
    bulletin = one(f"{VERSE}Latin America\nPray for rest for our South Asian staff in\nSouth Asia", profile)
    assert len(bulletin.requests) == 1


# Headings that are missing


def test_a_missing_first_heading_is_found_by_what_remains(profile: Profile) -> None:
    rest = "".join(f"{name}\nPray for rain.\n" for name in ("Latin America", "South Asia", "Southeast Asia", "Global"))
    bulletin = one(f"{VERSE}Pray for two judges.\n{rest}", profile)
    assert regions(bulletin)[0] == ("Africa & Europe", None)
    assert codes(bulletin) == ["heading-missing"]


def test_a_missing_heading_is_found_by_countries(profile: Profile) -> None:
    bulletin = one(f"{VERSE}Pray for two judges in Nepal.\nLatin America\nPray for rain.", profile)
    assert regions(bulletin)[0] == ("South Asia", None)
    assert codes(bulletin) == ["heading-missing"]


@pytest.mark.parametrize(
    "request_text",
    [
        "Pray for two judges.",
        "Pray for two judges in Peru.",
        "Pray for judges in Kenya and in India.",
        "Pray for judges in Jordan.",
    ],
)
def test_a_missing_heading_that_nothing_tells_is_not_guessed(request_text: str, profile: Profile) -> None:
    reading = read(f"{VERSE}{request_text}\nLatin America\nPray for rain.", profile)
    assert unplaced(reading) == [request_text]
    assert "no-region" in codes(reading.bulletins[0])


def test_a_request_that_names_only_countries_of_another_region_is_noticed(profile: Profile) -> None:
    bulletin = one(f"{VERSE}Africa & Europe\nPray for Kenya.\nPray for Peru.\nGlobal\nPray for Peru.", profile)
    assert [(warning.code, warning.line) for warning in bulletin.warnings] == [("another-region", 4)]


def test_a_page_about_one_region_takes_it_from_its_preamble(profile: Profile) -> None:
    bulletin = one(
        "Our friends work in Latin America.\n\nPRAY\nFor rain.\nFor seed.\nGIVE THANKS\nA well was dug.", profile
    )
    assert regions(bulletin) == [("Latin America", None)]
    assert [point.kind for point in bulletin.requests[0].points] == ["prayer", "prayer", "praise"]
    assert bulletin.notes == ("Our friends work in Latin America.",)


def test_a_page_about_no_known_region_gives_no_bulletin(profile: Profile) -> None:
    reading = read("Prayer: For rain.\nPraise: A well was dug.", profile)
    assert reading.bulletins == ()
    assert len(reading.unplaced) == 2


# Titles, dates, archives


@pytest.mark.parametrize(
    "head",
    [
        "Pray for rain in Latin America\nJuly 3, 2024\n",
        "July 3, 2024\nPray for rain in Latin America\n",
        "Pray for rain in Latin America\n|\nJuly 3, 2024\n",
    ],
)
def test_titles_stand_above_or_below_their_date_in_archives(head: str, profile: Profile) -> None:
    body = f"{VERSE}Africa\nPray for Kenya!\nSouth Asia\nPray for seed!\n"
    second = head.replace("July 3", "June 26")
    newer, older = read(head + body + second + body, profile).bulletins
    assert (newer.title, newer.published_on) == ("Pray for rain in Latin America", date(2024, 7, 3))
    assert (older.title, older.published_on) == ("Pray for rain in Latin America", date(2024, 6, 26))
    assert len(newer.requests) == len(older.requests) == 2
    assert newer.warnings == older.warnings == ()


def test_a_title_that_ends_a_sentence_is_taken_with_a_warning(profile: Profile) -> None:
    week = f"{VERSE}Africa\nPray for Kenya.\nGlobal\nPray for the roads.\n"
    first, second = read(
        f"Pray for rain\nJuly 3, 2024\n{week}Praise for rain.\nJune 26, 2024\n{week}", profile
    ).bulletins
    assert (first.title, second.title) == ("Pray for rain", "Praise for rain.")
    assert points(first, "Global") == ["Pray for the roads."]
    assert codes(second) == ["title-doubtful"]


def test_a_dated_line_of_the_last_request_begins_no_bulletin(profile: Profile) -> None:
    week = f"{VERSE}Africa\nPray for Kenya.\nGlobal\nPray for the roads.\n"
    text = f"One\nJuly 3, 2024\n{week}Day of Rain: July 5, 2024\nTwo\nJune 26, 2024\n{week}"
    first, second = read(text, profile).bulletins
    assert points(first, "Global") == ["Pray for the roads.", "Day of Rain: July 5, 2024"]
    assert (second.title, second.published_on) == ("Two", date(2024, 6, 26))


def test_a_date_may_stand_in_the_title(profile: Profile) -> None:
    newer, older = read(
        f"Letter of July 3, 2024\n{VERSE}Africa\nPray.\nLetter of June 26, 2024\n{VERSE}Africa\nPray.", profile
    ).bulletins
    assert (newer.title, newer.published_on) == ("Letter of July 3, 2024", date(2024, 7, 3))
    assert (older.title, older.published_on) == ("Letter of June 26, 2024", date(2024, 6, 26))


def test_an_archive_without_dates_is_cut_where_a_region_comes_again(profile: Profile) -> None:
    one_week = f"{VERSE}Africa\nPray for Kenya.\nSouth Asia\nPray for seed.\n"
    first, second = read(f"One\n{one_week}\nTwo\n{one_week}", profile).bulletins
    assert (first.title, second.title) == ("One", "Two")
    assert len(first.requests) == len(second.requests) == 2


def test_a_missing_first_heading_in_an_archive_begins_no_other_bulletin(profile: Profile) -> None:
    rest = "".join(f"{name}\nPray for rain.\n" for name in ("Latin America", "South Asia", "Southeast Asia", "Global"))
    week = f"{VERSE}Pray for Ghana.\n{rest}"
    bulletins = read(f"One\nJuly 3, 2024\n{week}Two\nJune 26, 2024\n{week}", profile).bulletins
    assert [bulletin.title for bulletin in bulletins] == ["One", "Two"]
    assert [len(bulletin.requests) for bulletin in bulletins] == [5, 5]


def test_a_date_in_a_request_begins_no_bulletin(profile: Profile) -> None:
    bulletin = one(f"July 3, 2024\n{VERSE}Africa\nPray for the fair on\nJuly 5, 2024\nand for its guests.", profile)
    assert bulletin.published_on == date(2024, 7, 3)


def test_a_date_alone_among_requests_stays_there_with_a_warning(profile: Profile) -> None:
    bulletin = one(f"{VERSE}Africa\nPray for the fair.\n\nJuly 5, 2024\n\nSouth Asia\nPray.", profile)
    assert bulletin.published_on is None
    assert codes(bulletin) == ["date-in-request"]


def test_a_title_may_be_made_of_a_headings_words(profile: Profile) -> None:
    bulletin = one(f"Global\nJuly 3, 2024\n{VERSE}Africa\nPray.", profile)
    assert bulletin.title == "Global"
    assert codes(bulletin) == []


def test_a_line_below_the_verse_is_no_title(profile: Profile) -> None:
    reading = read(f"{VERSE}Rain for the farmers\nAfrica\nPray.", profile)
    assert reading.bulletins[0].title is None
    assert unplaced(reading) == ["Rain for the farmers"]


def test_a_subtitle_with_the_words_of_a_heading_hides_nothing(profile: Profile) -> None:
    reading = read(f"Letter\nAsia Desk\nJuly 3, 2024\n{VERSE}Africa\nPray.", profile)
    assert reading.bulletins[0].published_on == date(2024, 7, 3)
    assert reading.bulletins[0].verse is not None
    assert unplaced(reading) == ["Asia Desk"]


def test_a_second_date_is_left_out_and_shown(profile: Profile) -> None:
    reading = read(f"July 3, 2024\nJuly 5, 2024\n{VERSE}Africa\nPray.", profile)
    assert reading.bulletins[0].published_on == date(2024, 7, 3)
    assert unplaced(reading) == ["July 5, 2024"]


# Verses


def test_the_reference_above_the_verse_is_no_verse(profile: Profile) -> None:
    reading = read("Letter\nPsalm 1:1\n“Seek justice.”\nIsaiah 1: 17, WEB\nAfrica\nPray.", profile)
    assert reading.bulletins[0].verse == Verse("Seek justice.", "Isaiah 1:17")
    assert unplaced(reading) == ["Psalm 1:1"]


def test_a_verse_without_quotation_marks_is_taken_with_a_warning(profile: Profile) -> None:
    bulletin = one(
        "Prayer\nSeek justice, relieve the oppressed, plead for the widow.\nIsaiah 1:17\nAfrica\nPray.", profile
    )
    assert bulletin.title == "Prayer"
    assert bulletin.verse == Verse("Seek justice, relieve the oppressed, plead for the widow.", "Isaiah 1:17")
    assert codes(bulletin) == ["verse-unquoted"]


def test_a_verse_below_the_requests_is_taken_with_a_warning(profile: Profile) -> None:
    bulletin = one(f"Africa\nPray.\n{VERSE}", profile)
    assert bulletin.verse == Verse("Seek justice.", "Isaiah 1:17")
    assert codes(bulletin) == ["verse-at-end"]


def test_a_verse_in_a_request_stays_there_with_a_warning(profile: Profile) -> None:
    bulletin = one(f"{VERSE}Africa\n“Be strong.” – Joshua 1:9\nPray.", profile)
    assert bulletin.verse == Verse("Seek justice.", "Isaiah 1:17")
    assert points(bulletin, "Africa & Europe") == ["“Be strong.” – Joshua 1:9", "Pray."]
    assert codes(bulletin) == ["verse-in-request"]


# Points


def test_bullets_of_every_sort_are_points_of_their_own(profile: Profile) -> None:
    bullets = (
        "• Pray for rain\n- Pray for seed\n* Praise God\nl Pray for sun\n1. Pray for wind\n•\nPray for soil\n- Pray"
    )
    assert points(one(f"{VERSE}Africa\n{bullets}", profile), "Africa & Europe") == [
        "Pray for rain",
        "Pray for seed",
        "Praise God",
        "Pray for sun",
        "Pray for wind",
        "Pray for soil",
        "Pray",
    ]


def test_lines_broken_at_a_width_are_one_point(profile: Profile) -> None:
    text = (
        f"{VERSE}Africa\n"
        "Pray for the fishing villages around the great lake, where our team\n"
        "meets with elders and teachers in this week. Pray that they listen.\n"
        "Pray for patience, for bread, for safe roads, and for everyone in\n"
        "Latin America\n"
        "who prays with them.\n"
        "\nSouth Asia\nPray for rain.\nPraise God for seed."
    )
    bulletin = one(text, profile)
    assert len(points(bulletin, "Africa & Europe")) == 1
    assert points(bulletin, "South Asia") == ["Pray for rain.", "Praise God for seed."]


def test_short_lines_are_points_where_there_is_nothing_else(profile: Profile) -> None:
    bulletin = one(f"{VERSE}Africa\nWisdom for leaders\nRain for farmers\nSouth Asia\nPray for seed.", profile)
    assert points(bulletin, "Africa & Europe") == ["Wisdom for leaders", "Rain for farmers"]
    assert codes(bulletin) == ["short-request", "short-request"]


def test_a_pseudonyms_asterisk_stays(profile: Profile) -> None:
    assert points(one(f"{VERSE}Africa\n*Amina rests. Pray for Amina*.", profile), "Africa & Europe") == [
        "*Amina rests. Pray for Amina*."
    ]


# What is set aside


def test_captions_links_and_signatures_are_never_posted(profile: Profile) -> None:
    text = (
        f"{VERSE}Africa\nPray for rain.\nunnamed (4).jpg\nRead more »\nLearn more about this case.\n"
        "With thanks,\nRuth Doe\nruth@example.org\n+1 (555) 123-4567"
    )
    reading = read(text, profile)
    (bulletin,) = reading.bulletins
    assert points(bulletin, "Africa & Europe") == ["Pray for rain."]
    assert [note.split()[0] for note in bulletin.notes] == [
        "unnamed",
        "Read",
        "Learn",
        "With",
        "Ruth",
        "+1",
    ]


def test_an_offices_address_is_a_note_but_not_with_a_prayer_in_it(profile: Profile) -> None:
    office = "Open Gate has partner offices in Norway and Canada."
    bulletin = one(f"{VERSE}Global\n{office}\nPray for rain.\nAfrica\n{office} Pray for our staff there.", profile)
    assert bulletin.notes == (office,)
    assert points(bulletin, "Africa & Europe") == [f"{office} Pray for our staff there."]
    assert "note-in-request" in codes(bulletin)


@pytest.mark.parametrize(
    "line",
    [
        "Because of the sensitive nature of these stories, be careful with them.",
        "Please do not copy these lines to your pages on social media.",
        "We kindly ask you to refrain from posting any of this.",
        "Names changed for safety.",
        "© 2026 Open Gate",
        "The Gate is headquartered in Ireland.",
        "Click here to unsubscribe",
    ],
)
def test_what_asks_for_care_or_belongs_to_the_page_is_set_aside(line: str, profile: Profile) -> None:
    bulletin = one(f"{VERSE}Africa\nPray for rain.\n{line}", profile)
    assert bulletin.notes == (line,)
    assert codes(bulletin) == []


def test_text_that_asks_for_nothing_is_kept_with_a_warning(profile: Profile) -> None:
    bulletin = one(f"{VERSE}Africa\nPray for rain.\nThe court sits on Mondays.", profile)
    assert points(bulletin, "Africa & Europe") == ["Pray for rain.", "The court sits on Mondays."]
    assert [(warning.code, warning.line) for warning in bulletin.warnings] == [("asks-nothing", 4)]


def test_a_preamble_is_a_note_and_a_prayer_in_it_is_shown(profile: Profile) -> None:
    reading = read(
        f"Letter\nDear friends, spring has come.\nPray with us this week.\n{VERSE}Africa\nPray for rain.", profile
    )
    assert reading.bulletins[0].title == "Letter"
    assert reading.bulletins[0].notes == ("Dear friends, spring has come.",)
    assert unplaced(reading) == ["Pray with us this week."]


def test_the_bars_of_a_table_are_nobodys_note(profile: Profile) -> None:
    reading = read(f"{VERSE}|\nAfrica |\n|\nPray for rain.\n---", profile)
    assert reading.bulletins[0].notes == ()
    assert reading.unplaced == ()
