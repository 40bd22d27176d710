"""Where one bulletin of an archive ends and the next begins."""

from collections.abc import Sequence

from bot.domain.regions import Region
from bot.loader.dates import Written
from bot.loader.headings import Heading
from bot.loader.items import Item, Paragraph
from bot.loader.notes import Note
from bot.loader.titles import Titled
from bot.loader.verses import Found

_LOOK_AHEAD = 10  # items from a date or a verse to the first heading of its bulletin
_LONGEST_TITLE = 120


def split(items: Sequence[Item]) -> list[Sequence[Item]]:
    """Cut a text's items into bulletins, none of them empty.

    A bulletin begins at a date or a verse that stands after requests and leads to a heading the bulletin before it had
    already, or (a date) to a verse, or to any heading where the one before has a date and no verse, or has ended; with
    its title, where the first bulletin of the text has one above its date. A line that says it is a title begins one,
    too.
    """
    starts = [0]
    seen: set[Region | None] = set()
    dated = versed = ended = False
    titled_above = _is_titled_above(items)
    for index, item in enumerate(items):
        region = heads(item)
        if region is not None:
            seen |= region
        elif isinstance(item.what, Titled):
            if seen:
                starts.append(index)
                seen, dated, versed, ended = set(), False, False, False
        elif isinstance(item.what, Note):
            ended = (ended or item.what.ends) and not item.what.comments
        elif isinstance(item.what, Written | Found):
            if seen and _opens(items, index, seen, needs_no_more=ended or (dated and not versed)):
                starts.append(_with_title(items, index, starts[-1] + 1, are_titled=titled_above))
                seen, dated, versed, ended = set(), False, False, False
            dated = dated or isinstance(item.what, Written)
            versed = versed or isinstance(item.what, Found)
    return [items[start:end] for start, end in zip(starts, [*starts[1:], len(items)], strict=True) if end > start]


def is_title(item: Item) -> bool:
    """Tell whether an item has the looks of a title: one short line that ends no sentence."""
    return is_short_line(item) and item.text[-1] not in ".,;:" and item.text[0] not in '"“„«'


def is_short_line(item: Item) -> bool:
    """Tell whether an item is one short line of text, or of a heading that the profile doesn't know."""
    if len(item.lines) > 1 or len(item.text) > _LONGEST_TITLE:
        return False
    match item.what:
        case Heading(region=None):
            return True
        case Paragraph(label=None, bullet=False, heading=None):
            return True
    return False


def heads(item: Item) -> set[Region | None] | None:
    """Return the region that an item begins, as a set; an empty-handed label counts as a region without a name."""
    what = item.what  # asked of each item again and again: patterns would take three times as long
    if isinstance(what, Paragraph):
        if what.heading is not None:
            return {what.heading.region}
        return None if what.label is None else {None}
    return {what.region} if isinstance(what, Heading) and what.region is not None else None


def _opens(items: Sequence[Item], index: int, seen: set[Region | None], *, needs_no_more: bool) -> bool:
    """Tell whether a bulletin begins at a date or a verse. `needs_no_more`: a date alone and a heading are enough."""
    opening = items[index].what
    for item in items[index + 1 : index + 1 + _LOOK_AHEAD]:
        if isinstance(opening, Written) and not opening.alone and isinstance(item.what, Written):
            return False  # that one is the bulletin's date, this one a line of a request
        if isinstance(item.what, Found) and isinstance(opening, Written):
            return True
        region = heads(item)
        if region is not None:
            return bool(region & seen) or (needs_no_more and isinstance(opening, Written) and opening.alone)
    return False


def _with_title(items: Sequence[Item], index: int, first: int, *, are_titled: bool) -> int:
    """Return where a bulletin begins that has its date or verse at `index`: at the title above, if there is one.

    `are_titled`: whether bulletins of the text have titles above; else a title is what a note parts from the requests.
    """
    opening = items[index].what
    if isinstance(opening, Written) and not opening.alone:
        return index  # it is the title
    above = index - 1
    while above > first and not any(map(str.isalnum, items[above].text)):
        above -= 1
    # The only paragraph under a heading is a request, however short.
    looks = _is_over_date if isinstance(opening, Written) else is_title
    if above <= first or not looks(items[above]) or _is_bare_head(items[above - 1]):
        return index
    return above if are_titled or isinstance(items[above - 1].what, Note) else index


def _is_bare_head(item: Item) -> bool:
    """Tell whether an item is a heading or a label without a text of its own."""
    return heads(item) is not None and not (isinstance(item.what, Paragraph) and item.what.text)


def _is_over_date(item: Item) -> bool:
    """Tell whether what stands right over a bulletin's date can be its title, also one that names another day."""
    return is_short_line(item) or (isinstance(item.what, Written) and not item.what.alone)


def _is_titled_above(items: Sequence[Item]) -> bool:
    first = next((item for item in items if isinstance(item.what, Written | Found) or is_title(item)), None)
    return first is not None and is_title(first)
