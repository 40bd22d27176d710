"""The body of a bulletin: what stands below its first heading."""

from collections.abc import Sequence

from bot.domain.regions import Region
from bot.loader.dates import Written, written
from bot.loader.guessing import guesses
from bot.loader.headings import Heading, parted, unknown_within
from bot.loader.inference import Inferred, of_countries
from bot.loader.items import Item, Paragraph, Reference, is_over_headings
from bot.loader.kinds import invites
from bot.loader.notes import Note, holds_note
from bot.loader.sections import Place, Section
from bot.loader.splitting import heads
from bot.loader.titles import Titled
from bot.loader.verses import Found

_LONGEST_STRAY = 60
_ENDS_SENTENCE = tuple('.!?:…"”’)')
_LONGEST_GREETING = 6  # words
_UNDER_HEADING = "text under a heading"


def place_body(section: Section, body: Sequence[Item], region: Region | None, rule: str = _UNDER_HEADING) -> None:
    """Place what stands below the first heading; `region` is that of requests without one, by this `rule`.

    1. A heading begins its region. One that the profile doesn't know is guessed at, or its text stays unplaced.
    2. Below a line that ends a bulletin (a greeting, the foot of a page) only a heading or a prayer is a part of it.
    3. Short lines among sentences stay out; verses and dates at the very end may be the bulletin's own.
    """
    strays, signed, guessed = _strays(body), _sign_off(body), guesses(body, region, section.profile)
    last = {_last(body), _last(body[:signed])}
    last_heading = max((at for at, item in enumerate(body) if heads(item) is not None), default=0)
    ended = False
    for index, item in enumerate(body):
        ended = ended or index == signed
        match item.what:
            case Note(rule=why, ends=ends):
                section.put(item, Place.NOTE, why)
                ended = ended or ends
            case _ if ended and _belongs_to_no_bulletin(item):
                _place_below_end(section, item, is_end=index > last_heading)
            case Heading():
                region = _place_heading(section, item, item.what, guessed.get(index), region)
                rule, ended = _UNDER_HEADING, False
            case Paragraph() if is_over_headings(body, index):
                section.put(item, Place.HEADING, "a label over headings")
            case Paragraph(heading=Heading(region=named)):
                region, rule, ended = named, _UNDER_HEADING, False
                _place_request(section, item, region, "text behind a heading, on its line")
            case _ if index in strays and region is not None:
                section.set_apart(item, "stray-line", "a short line that ends no sentence")
            case _:
                if index in guessed:
                    region, rule = _begin_unheaded(section, item, guessed[index])
                _place_text(section, item, region, rule, is_last=index in last)
                if ended and section.placed[-1].place is not Place.VERSE:
                    section.doubt(item, "below-end", "Stands below the end of the bulletin and asks for prayer.")


def _place_below_end(section: Section, item: Item, *, is_end: bool) -> None:
    """Set aside what belongs to no bulletin; where another region follows it may go on with the request above."""
    section.put(item, Place.NOTE, "stands below the bulletin's end")
    if not is_end:
        section.doubt(item, "note-doubtful", "Set aside as a note: is it a request?")


def _last(body: Sequence[Item]) -> int:
    """Return where the last item stands that is no note: above what ends the bulletin, but for a verse below it."""
    last: int | None = None
    for at in range(len(body) - 1, -1, -1):
        what = body[at].what
        if not isinstance(what, Note):
            last = at if last is None else last
            if heads(body[at]) is not None:
                break
        elif what.ends and last is not None and not isinstance(body[last].what, Found):
            last = None
    return last or 0


def _begin_unheaded(section: Section, item: Item, guess: Inferred) -> tuple[Region, str]:
    message = f"A heading seems to be missing above this; {guess.region}: {guess.why}."
    section.doubt(item, "heading-missing", message)
    return guess.region, f"its heading is missing; {guess.why}"


def _place_text(section: Section, item: Item, region: Region | None, rule: str, *, is_last: bool) -> None:
    if region is None:
        section.put(item, Place.UNPLACED, "stands under a heading that the profile doesn't know")
    elif isinstance(item.what, Paragraph) or (isinstance(item.what, Written) and not item.what.alone):
        _place_request(section, item, region, rule)
    else:
        _place_oddity(section, item, region, is_last=is_last)


def _belongs_to_no_bulletin(item: Item) -> bool:
    """Tell whether an item below a bulletin's end is a part of the end."""
    match item.what:
        case Heading(region=region):
            return region is None
        case Paragraph(text=text, label=label, heading=heading):
            return (label is None or written(text) is not None) and heading is None and not invites(item.text)
    return isinstance(item.what, Written | Reference)


def _place_heading(
    section: Section, item: Item, heading: Heading, guess: Inferred | None, above: Region | None
) -> Region | None:
    if heading.region is not None:
        section.put(item, Place.HEADING, heading.rule, heading.region)
        if heading.doubt is not None and heading.region is not above:
            section.doubt(item, "heading-guessed", f"{heading.doubt}.")
        return heading.region
    if guess is None:
        section.set_apart(
            item, "unknown-heading", "looks like a heading that the profile doesn't know, with the text below"
        )
        return None
    section.put(item, Place.HEADING, f"a heading that the profile doesn't know; {guess.why}", guess.region)
    message = f'"{heading.written}" is taken as a heading of {guess.region}: {guess.why}.'
    section.doubt(item, "heading-guessed", message)
    return guess.region


def _place_request(section: Section, item: Item, region: Region | None, rule: str) -> None:
    section.put(item, Place.REQUEST, rule, region)
    profile = section.profile
    if _is_short(item):
        section.doubt(item, "short-request", "A short line that ends no sentence is taken as a request.")
    if holds_note(item.text, profile):
        section.doubt(item, "note-in-request", "Text that is usually set aside stands in one paragraph with a request.")
    (_, _, own), *others = parted(item.text, profile)
    if others:
        message = f"A heading of {others[0][0]} stands within this; its text is taken as its own."
        section.doubt(item, "heading-in-request", message)
    unknown, named = unknown_within(own, profile), of_countries(own, profile)
    if unknown is not None and not named:
        message = f'"{unknown}" looks like a heading, and the profile doesn\'t know it.'
        section.doubt(item, "heading-in-request", message)
    if named and region in profile.regions_of.values() and region not in named:
        meant = " and ".join(sorted(named))
        section.doubt(item, "another-region", f"Stands under {region}, but names only countries of {meant}.")


def _place_oddity(section: Section, item: Item, region: Region, *, is_last: bool) -> None:
    """Place a title, verse, reference or date among the requests: at the very end it may be the bulletin's own."""
    has_verse = section.has(Place.VERSE)
    if isinstance(item.what, Titled):
        section.set_apart(item, "title-in-request", "a title among the requests")
    elif isinstance(item.what, Reference):
        section.set_apart(item, "reference-alone", "a reference without its verse")
    elif isinstance(item.what, Found) and is_last and (item.what.quoted or item.what.leads or not has_verse):
        _place_verse_at_end(section, item)
    elif isinstance(item.what, Written) and item.what.day and is_last and section.date is None:
        section.date = item.what
        section.put(item, Place.DATE, "a date below the requests")
        section.doubt(item, "date-at-end", "The date stands below the requests.")
    else:
        name = "date" if isinstance(item.what, Written) else "verse"
        _place_request(section, item, region, f"a {name} among the requests")
        section.doubt(item, f"{name}-in-request", f"A {name} among the requests, taken as part of {region}.")


def _place_verse_at_end(section: Section, item: Item) -> None:
    """Place a verse at the very end: it is the bulletin's own, or, where that has one, a blessing."""
    if section.has(Place.VERSE):
        section.put(item, Place.NOTE, "a second verse, below the requests")
        section.doubt(item, "two-verses", "A second verse stands below the requests; it is set aside.")
    else:
        section.put(item, Place.VERSE, "a verse with its reference, below the requests")
        section.doubt(item, "verse-at-end", "The verse stands below the requests.")


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


def _sign_off(body: Sequence[Item]) -> int | None:
    """Return where a greeting stands that only names follow, as "Standing with you,"; None without one."""
    signed = None
    for index in range(len(body) - 1, -1, -1):
        item = body[index]
        if isinstance(item.what, Heading) or not (isinstance(item.what, Note) or _is_short(item)):
            break
        if item.text.endswith(",") and len(item.text.split()) <= _LONGEST_GREETING:
            signed = index
    return signed


def _is_short(item: Item) -> bool:
    """Tell whether a paragraph is a short line that ends no sentence and has no bullet, label or prayer."""
    what = item.what
    if not isinstance(what, Paragraph) or what.bullet or what.label is not None or what.heading is not None:
        return False
    return len(what.text) <= _LONGEST_STRAY and not what.text.endswith(_ENDS_SENTENCE) and not invites(what.text)
