"""The place of every item of one bulletin, and the rule that put it there."""

from collections.abc import Sequence

from bot.domain.regions import Region
from bot.loader.dates import Written, written
from bot.loader.headings import Heading
from bot.loader.inference import Inferred, mentioned, missing_region, of_countries
from bot.loader.items import Item, Note, Paragraph, Reference, is_over_headings
from bot.loader.kinds import invites
from bot.loader.notes import holds_note
from bot.loader.profile import Profile
from bot.loader.sections import Place, Section
from bot.loader.splitting import heads, is_short_line, is_title
from bot.loader.titles import Titled
from bot.loader.verses import Found

_LONGEST_STRAY = 60
_ENDS_SENTENCE = tuple('.!?:…"”’)')


def place(items: Sequence[Item], profile: Profile) -> Section:
    """Place the items of one bulletin.

    1. The head is what stands above the first heading or labelled point: title, date, verse, preamble.
    2. Requests above the first heading miss theirs; their region is found from the rest, or they stay unplaced.
    3. Below, each paragraph belongs to the heading above it.
    """
    section = Section(profile)
    labelled = next((at for at, item in enumerate(items) if heads(item) is not None), len(items))
    verse = _own_verse(items[:labelled])
    title = _title(section, items[: labelled if verse is None else verse])
    headed = next(
        (at for at in range(len(items)) if _is_headed(items, at, verse) and items[at] is not title), len(items)
    )
    if headed and is_over_headings(items, headed - 1):
        headed -= 1
    head, headless = items[: min(labelled, headed)], items[labelled:headed]
    above = _place_head(section, head, title, None if verse is None else items[verse])
    _place_headless(section, [*above, *headless], items[headed:])
    _place_body(section, items[headed:], None)
    section.placed.sort(key=lambda placed: placed.item.lines[0].number)
    return section


def _title(section: Section, head: Sequence[Item]) -> Item | None:
    """Return the title among what stands above the verse: what says so, what looks like one, else the line on top."""
    title = next((item for item in head if isinstance(item.what, Titled)), None)
    title = title or next((item for item in head if is_title(item)), None)
    if title is None and len(head) > 1 and isinstance(head[1].what, Written) and is_short_line(head[0]):
        title = head[0]
        section.doubt(
            title, "title-doubtful", "The line above the date is taken as the title, though it ends a sentence."
        )
    return title


def _own_verse(head: Sequence[Item]) -> int | None:
    """Return where a bulletin's verse stands in its head: the first in quotation marks, else the first without."""
    found = [(at, item.what.quoted) for at, item in enumerate(head) if isinstance(item.what, Found)]
    return next((at for at, quoted in found if quoted), found[0][0] if found else None)


def _is_headed(items: Sequence[Item], at: int, verse: int | None) -> bool:
    """Tell whether requests stand under an item; if the profile doesn't know it, then below the verse and over text."""
    if isinstance(items[at].what, Heading) and (verse is None or at > verse):
        return any(heads(items[at]) or ()) or any(isinstance(item.what, Paragraph) for item in items[at + 1 : at + 2])
    return any(heads(items[at]) or ())


# The head


def _place_head(section: Section, head: Sequence[Item], title: Item | None, verse: Item | None) -> list[Item]:
    """Place what stands above the first heading; return the paragraphs that look like requests without one."""
    headless: list[Item] = []
    to_come = verse
    section.date = _date(head)
    for item in head:
        match item.what:
            case Written():
                _place_date(section, item, item.what, may_be_title=title is None)
            case Found():
                _place_verse(section, item, item.what, is_own=item is verse)
                to_come = None if item is verse else to_come
            case Note(rule=rule):
                section.put(item, Place.NOTE, rule)
            case Reference():
                section.set_apart(item, "reference-alone", "a reference without its verse")
            case Titled() if item is title:
                section.put(item, Place.TITLE, "says that it is the title")
            case Titled():
                section.set_apart(item, "two-titles", "a second title; the first one counts")
            case _ if item is title:
                section.put(item, Place.TITLE, "the first short line, above verse and headings")
            case Paragraph() if to_come is None and (verse or headless or invites(item.text)):
                headless.append(item)
            case _:
                _place_preamble(section, item)
    return headless


def _place_preamble(section: Section, item: Item) -> None:
    if isinstance(item.what, Heading):
        section.set_apart(item, "unknown-heading", "looks like a heading that the profile doesn't know")
    elif invites(item.text):
        section.set_apart(item, "above-verse", "asks for prayer, but stands above the verse")
    else:
        section.put(item, Place.NOTE, "preamble: stands above the requests and asks for nothing")


def _date(head: Sequence[Item]) -> Written | None:
    """Return the date that counts: the first that stands alone, else the first within a title, else a doubtful one."""
    dates = [item.what for item in head if isinstance(item.what, Written)]
    titles = [written(item.what.title) for item in head if isinstance(item.what, Titled)]
    sure = [date for date in (*dates, *titles) if date and date.day]
    return next((date for date in sure if date.alone), next(iter([*sure, *dates]), None))


def _place_date(section: Section, item: Item, date: Written, *, may_be_title: bool) -> None:
    if not date.alone and may_be_title and not section.has(Place.TITLE):
        section.put(item, Place.TITLE, "a title with a date in it")
    elif section.date is None or (date is not section.date and date.day != section.date.day):
        section.set_apart(item, "two-dates", "a second date; the first one counts")
        return
    else:
        section.put(item, Place.DATE, "a date")
    if date is section.date and date.doubt is not None:
        section.doubt(item, "date-doubtful", f'The date "{item.text}" {date.doubt}.')


def _place_verse(section: Section, item: Item, found: Found, *, is_own: bool) -> None:
    if not is_own:
        section.set_apart(item, "two-verses", "a second verse; the other one counts")
    elif found.quoted:
        section.put(item, Place.VERSE, "a quotation with its reference")
    else:
        section.put(item, Place.VERSE, "text with a reference, without quotation marks")
        section.doubt(
            item, "verse-unquoted", f"{found.verse.reference}: taken as the verse, though without quotation marks."
        )


# Requests without a heading


def _place_headless(section: Section, headless: Sequence[Item], below: Sequence[Item]) -> None:
    """Place requests without a heading in the region that the rest of the bulletin leaves for them, or nowhere."""
    texts = [item.text for item in headless if isinstance(item.what, Paragraph)]
    headings = [region for item in below for region in (heads(item) or ()) if region is not None]
    found = _region_of(section, texts, headings) if texts else None
    if found is not None:
        section.doubt(headless[0], "heading-missing", f"No heading stands above this; {found.region}: {found.why}.")
        _place_body(section, headless, found.region, f"no heading stands above it; {found.why}")
        return
    for item in headless:
        if isinstance(item.what, Note):
            section.put(item, Place.NOTE, item.what.rule)
        else:
            section.set_apart(item, "no-region", "stands under no heading, and nothing says which region it belongs to")


def _region_of(section: Section, texts: Sequence[str], headings: Sequence[Region]) -> Inferred | None:
    if headings:
        return missing_region(texts, headings, section.profile)
    around = [placed.item.text for placed in section.placed if placed.place in (Place.TITLE, Place.NOTE)]
    return mentioned(around, section.profile) or mentioned(texts, section.profile)


# The body


def _place_body(
    section: Section, body: Sequence[Item], region: Region | None, rule: str = "text under a heading"
) -> None:
    """Place what stands below the first heading; `region` is that of requests without one, by this `rule`."""
    end = max((index for index, item in enumerate(body) if not isinstance(item.what, Note)), default=0)
    strays = _strays(body)
    for index, item in enumerate(body):
        match item.what:
            case Heading():
                region = _place_heading(section, item, item.what)
            case Note(rule=why):
                section.put(item, Place.NOTE, why)
            case Paragraph() if is_over_headings(body, index):
                section.put(item, Place.HEADING, "a label over headings")
            case Paragraph(heading=Heading(region=named)):
                region = named
                _place_request(section, item, region, "text behind a heading, on its line")
            case _ if region is None:
                section.put(item, Place.UNPLACED, "stands under a heading that the profile doesn't know")
            case Paragraph() if index in strays:
                section.set_apart(item, "stray-line", "a short line that ends no sentence")
            case Paragraph() | Written(alone=False):
                _place_request(section, item, region, rule)
            case Titled() | Found() | Reference() | Written():
                _place_oddity(section, item, region, is_last=index == end)


def _place_heading(section: Section, item: Item, heading: Heading) -> Region | None:
    if heading.region is None:
        section.set_apart(
            item, "unknown-heading", "looks like a heading that the profile doesn't know, with the text below"
        )
        return None
    section.put(item, Place.HEADING, heading.rule, heading.region)
    if heading.doubt is not None:
        section.doubt(item, "heading-guessed", f"{heading.doubt}.")
    return heading.region


def _place_request(section: Section, item: Item, region: Region | None, rule: str) -> None:
    section.put(item, Place.REQUEST, rule, region)
    profile = section.profile
    if _is_short(item):
        section.doubt(item, "short-request", "A short line that ends no sentence is taken as a request.")
    if holds_note(item.text, profile):
        section.doubt(item, "note-in-request", "Text that is usually set aside stands in one paragraph with a request.")
    named = of_countries(item.text, profile)
    if named and region in profile.regions_of.values() and region not in named:
        others = " and ".join(sorted(named))
        section.doubt(item, "another-region", f"Stands under {region}, but names only countries of {others}.")


def _place_oddity(section: Section, item: Item, region: Region, *, is_last: bool) -> None:
    """Place a title, verse, reference or date among the requests: a verse at the end may be the bulletin's own."""
    if isinstance(item.what, Titled):
        section.set_apart(item, "title-in-request", "a title among the requests")
    elif isinstance(item.what, Reference):
        section.set_apart(item, "reference-alone", "a reference without its verse")
    elif isinstance(item.what, Found) and item.what.quoted and is_last and not section.has(Place.VERSE):
        section.put(item, Place.VERSE, "a quotation with its reference, below the requests")
        section.doubt(item, "verse-at-end", "The verse stands below the requests.")
    else:
        name = "date" if isinstance(item.what, Written) else "verse"
        _place_request(section, item, region, f"a {name} among the requests")
        section.doubt(item, f"{name}-in-request", f"A {name} among the requests, taken as part of {region}.")


def _strays(body: Sequence[Item]) -> set[int]:
    """Return which items of a body look like captions or signatures: short lines among paragraphs of sentences."""
    strays: set[int] = set()
    under_heading: list[int] = []
    for index, item in enumerate([*body, None]):
        if item is None or heads(item) is not None or isinstance(item.what, Heading):
            short = {at for at in under_heading if _is_short(body[at])}
            strays |= short if len(short) < len(under_heading) else set()
            under_heading = []
        if item is not None and isinstance(item.what, Paragraph) and item.what.text:
            under_heading.append(index)
    return strays


def _is_short(item: Item) -> bool:
    """Tell whether a paragraph is a short line that ends no sentence and has no bullet, label or prayer."""
    what = item.what
    if not isinstance(what, Paragraph) or what.bullet or what.label is not None or what.heading is not None:
        return False
    return len(what.text) <= _LONGEST_STRAY and not what.text.endswith(_ENDS_SENTENCE) and not invites(what.text)
