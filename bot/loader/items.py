"""A text as items: headings, dates, verses, references, notes and paragraphs, each of one or more lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.bulletin import Kind, Verse
from bot.loader import dates, verses
from bot.loader.dates import Written
from bot.loader.diary import Day, day_of, is_diary
from bot.loader.furniture import is_stamp
from bot.loader.headings import Heading, heading
from bot.loader.kinds import invites
from bot.loader.lines import Line, fold, joined
from bot.loader.marks import bullet, is_bullet, is_label, split_label
from bot.loader.notes import Note, note
from bot.loader.phrases import phrased
from bot.loader.poetry import stanza
from bot.loader.profile import Profile
from bot.loader.titles import Titled, titled
from bot.loader.verses import Found
from bot.loader.wrapping import breaks_off, is_aside, is_dangling, paragraphs, width_of

_HEAD = (Heading, Written, Found)
_LONGEST_TITLE = 120
_LONGEST_RESPONSE = 60  # of a note on a line of its own among running text


@dataclass(frozen=True, slots=True)
class Reference:
    """A line with nothing but a verse's reference, whose text isn't in quotation marks or stands elsewhere."""

    reference: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text, its lines joined, without its bullet, label or heading. A label alone on its line has no text."""

    text: str
    label: Kind | None = None
    bullet: bool = False
    heading: Heading | None = None
    day: Day | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """What some lines of a text are."""

    lines: tuple[Line, ...]
    what: Titled | Day | Heading | Written | Found | Reference | Note | Paragraph
    text: str = field(init=False)  # the lines as they stand, joined

    def __post_init__(self) -> None:
        text = self.lines[0].text if len(self.lines) == 1 else joined(line.text for line in self.lines)
        object.__setattr__(self, "text", text)  # every rule that looks at an item asks for it


def items(lines: Sequence[Line], profile: Profile) -> list[Item]:
    """Return the items of a text in order; every line is in exactly one."""
    found: list[Item] = []
    for item in _Scanner(lines, profile).items():
        verse = _unquoted_verse(found[-1], item) if found else None
        new = item if verse is None else Item(found.pop().lines + item.lines, Found(verse, 0, quoted=False))
        if found and _is_title_of(found[-1], new, is_first=len(found) == 1):
            found.append(_unlabelled(found.pop(), profile))
        found.append(new)
    if found and _is_only_label_over_headings(found):
        found[0] = _unlabelled(found[0], profile)
    return found


def _unlabelled(item: Item, profile: Profile) -> Item:
    """Return what looked like a heading or a label as the text or the note that it is."""
    return Item(item.lines, note(item.text, profile) or Paragraph(item.text))


def _is_title_of(above: Item, item: Item, *, is_first: bool) -> bool:
    """Tell whether a heading or a label is none, because what begins a bulletin stands right below it."""
    if isinstance(above.what, Heading):
        is_date = isinstance(item.what, Written) and item.what.alone
        opens = is_date or (is_first and isinstance(item.what, Found))
        return opens and above.what.region is not None
    opens = isinstance(item.what, Written | Found) or (is_first and isinstance(item.what, Reference))
    return (is_lone_label(above) and opens) or (is_first and _is_short_label(above) and isinstance(item.what, _HEAD))


def _is_dated_title(text: str, rest: str) -> bool:
    """Tell "Prayer requests: July 3, 2024", a title, from "Prayer: July 3, 2024"."""
    label = text.rstrip("*_").removesuffix(rest).rstrip(" :|-–—*_")
    within = dates.written(rest)
    return label[-1:] in ("s", "S") and within is not None and within.alone


def _is_short_label(item: Item) -> bool:
    """Tell whether an item is a label with a few words, as "Prayer points: the team in Lima"."""
    what = item.what
    short = len(item.text) <= _LONGEST_TITLE and not item.text.endswith((".", "!", "?", ",", ";"))
    return short and isinstance(what, Paragraph) and what.label is not None and not what.bullet and what.text != ""


def is_lone_label(item: Item) -> bool:
    """Tell whether an item is nothing but a label."""
    return isinstance(item.what, Paragraph) and item.what.label is not None and not item.what.text


def is_over_headings(items: Sequence[Item], index: int) -> bool:
    """Tell whether the label at `index` stands over headings, as "PRAY" over all regions with a request."""
    if not is_lone_label(items[index]) or index + 1 == len(items):
        return False
    below = items[index + 1].what
    return isinstance(below, Heading) or (isinstance(below, Paragraph) and below.heading is not None)


def _is_only_label_over_headings(items: Sequence[Item]) -> bool:
    """Tell whether a text's first line is a title such as "Prayer Requests", no label for what stands below."""
    over = [index for index in range(len(items)) if is_over_headings(items, index)]
    return over == [0] and len(items[0].text.split()) > 1


def _unquoted_verse(above: Item, item: Item) -> Verse | None:
    """Return the verse that a paragraph and the reference next to it make; a title over a reference is none."""
    pair = (above.what, item.what) if isinstance(item.what, Reference) else (item.what, above.what)
    match pair:
        case Paragraph(text=text, label=None, heading=None), Reference(reference=named):
            return None if invites(text) or len(text.split()) < verses.FEWEST_WORDS else Verse(text, named)
    return None


class _Scanner:
    """Goes through a text's lines; what a line looks like by itself is found out once, however often it is asked."""

    def __init__(self, lines: Sequence[Line], profile: Profile) -> None:
        self._lines = lines
        self._profile = profile
        self._looks: dict[int, Heading | Written | None] = {**phrased(lines, profile)}
        self._anchors: dict[int, Item | None] = {}
        self._headings: dict[str, Heading | None] = {}
        self._unheaded: dict[str, Found | Note | Paragraph] = {}
        self._beginnings: dict[str, bool] = {}
        self._width = width_of(lines)
        self._is_diary = is_diary((line.text for line in lines), profile)

    def items(self) -> Iterator[Item]:
        index = 0
        while index < len(self._lines):
            anchor = self._anchor(index)
            if anchor is not None:
                yield anchor
                index += len(anchor.lines)
                continue
            end = index + 1
            while end < len(self._lines) and self._goes_on(index, end):
                end += 1
            for group in self._groups(index, end):
                yield self._paragraph(group)
            index = end

    def _groups(self, start: int, end: int) -> Iterator[tuple[Line, ...]]:
        """Yield the paragraphs of a block; a poem beside its reference is one."""
        block = self._lines[start:end]
        first = stanza(block, is_on_top=start == 0) if self._is_beside_reference(start, end) else None
        if first is None:
            yield from paragraphs(block, self._width)
            return
        if first:
            yield tuple(block[:first])
        yield tuple(block[first:])

    def _is_beside_reference(self, start: int, end: int) -> bool:
        """Tell whether a reference stands right above a block, right below it or at its end."""
        below, above = end < len(self._lines) and not self._lines[end].after_gap, not self._lines[start].after_gap
        beside = [at for at, is_near in ((end, below), (start - 1, above and start > 0)) if is_near]
        if any(item is not None and isinstance(item.what, Reference) for item in map(self._anchor, beside)):
            return True
        return end - start > 1 and verses.split(self._lines[end - 1].text) is not None

    def _anchor(self, index: int) -> Item | None:
        """Return the item that begins with a line by its own looks, None where it is running text."""
        if index not in self._anchors:
            self._anchors[index] = self._find_anchor(index)
        return self._anchors[index]

    def _find_anchor(self, index: int) -> Item | None:
        line = self._lines[index]
        if is_stamp(line.text):
            return Item((line,), Note(line.text, "who wrote a message in a chat, and when", ends=True))
        title = titled(line.text)
        if title is not None:
            return Item((line,), title)
        day = self._day(line.text)
        if day is not None:
            return None if day.rest and self._place(day.rest) is None else Item((line,), day)
        found = verses.verse_at(self._lines, index, self._ends_text)
        if found is not None:
            return Item(tuple(self._lines[index : index + found.count]), found)
        look = self._look(index)
        if look is not None and not (isinstance(look, Heading) and look.rest):
            return Item((line,), look)
        named = verses.reference(line.text)
        if named is not None:
            return Item((line,), Reference(named))
        if not any(map(str.isalnum, line.text)) and not self._is_lone_bullet(index):
            return Item((line,), Note("", "no letters: a rule or the residue of a table"))
        return None

    def _day(self, text: str) -> Day | None:
        return day_of(text) if self._is_diary else None

    def _place(self, rest: str) -> Heading | None:
        found = self._heading(rest)
        return None if found and found.rest else found

    def _look(self, index: int) -> Heading | Written | None:
        """Return the heading or the date that a line is, or begins with."""
        if index not in self._looks:
            text = self._lines[index].text
            self._looks[index] = None if self._day(text) else self._heading(text) or self._date(text)
        return self._looks[index]

    def _heading(self, text: str) -> Heading | None:
        if text not in self._headings:
            self._headings[text] = heading(text, self._profile)
        return self._headings[text]

    def _date(self, text: str) -> Written | None:
        date = dates.written(text)
        if date is None or date.alone:
            return date
        labelled = split_label(text, self._profile)
        return None if bullet(text) or (labelled and not _is_dated_title(text, labelled[1])) else date

    def _paragraph(self, group: tuple[Line, ...]) -> Item:
        text = joined(line.text for line in group).strip("| ")
        day = self._day(group[0].text)
        if day is not None:
            rest = joined([day.rest, *(line.text for line in group[1:])])
            label = split_label(rest, self._profile) or (None, rest)
            return Item(group, Paragraph(label[1], label[0], day=day))
        titled = self._heading(text)
        if titled is not None:
            return Item(group, _headed(titled, self._profile))
        if text not in self._unheaded:
            self._unheaded[text] = _unheaded(text, self._profile)
        return Item(group, self._unheaded[text])

    def _ends_text(self, index: int) -> bool:
        look = self._look(index)
        return isinstance(look, Heading) or (look is not None and look.alone)

    def _is_lone_bullet(self, index: int) -> bool:
        return is_bullet(self._lines[index].text) and index + 1 < len(self._lines)

    def _goes_on(self, start: int, index: int) -> bool:
        """Tell whether a line stands in the same block of running text as the one before it."""
        line, before = self._lines[index], self._lines[index - 1]
        if index == start + 1 and self._is_lone_bullet(start):
            return self._anchor(index) is None
        if line.after_gap or self._is_lone_bullet(index) or self._day(line.text):
            return False
        if is_dangling(before.text) and not before.text.isupper():
            return True
        if breaks_off(before.text) and self._look(index) is not None:
            return True
        if is_aside(before.text, line.text):
            return True
        if self._begins_own(line.text) or is_label(before.text, self._profile):
            return False
        return not isinstance(self._look(index), Heading) and self._anchor(index) is None

    def _begins_own(self, text: str) -> bool:
        """Tell whether a line begins a paragraph by its own words, wherever it stands."""
        if text not in self._beginnings:
            is_response = len(text) <= _LONGEST_RESPONSE and self._profile.notes.says(fold(text))
            begins = is_response or bullet(text) != "" or split_label(text, self._profile) is not None
            self._beginnings[text] = begins
        return self._beginnings[text]


def _headed(heading: Heading, profile: Profile) -> Heading | Paragraph:
    """Return a heading with text behind it as a paragraph; where that is a note, as the heading alone."""
    if not heading.rest:
        return heading
    aside = note(heading.rest, profile)
    if aside is None or aside.doubtful or heading.label is not None:
        return Paragraph(heading.rest, heading=heading)
    doubt = f'What stands behind "{heading.written}" on its line is set aside as a note'
    return replace(heading, rest="", rule="heading of the profile, with a note behind it", doubt=doubt)


def _unheaded(text: str, profile: Profile) -> Found | Note | Paragraph:
    mark = bullet(text)
    text = text[len(mark) :]
    label = split_label(text, profile)
    if label is not None and (label[1] or not mark):
        return Paragraph(label[1], label[0], bool(mark))
    verse = verses.split(text)
    if verse is not None and not invites(text):
        return verse
    aside = note(text, profile)
    if aside is not None and not (mark and aside.ends):  # "• Peace" is a point
        return aside
    return Paragraph(text, None, bool(mark))
