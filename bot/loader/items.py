"""A text as items: headings, dates, verses, references, notes and paragraphs, each of one or more lines."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.domain.bulletin import Kind, Verse
from bot.loader import dates, verses
from bot.loader.dates import Written
from bot.loader.headings import Heading, heading
from bot.loader.kinds import invites
from bot.loader.lines import Line, fold
from bot.loader.notes import note
from bot.loader.profile import Profile
from bot.loader.verses import Found

_BULLET = re.compile(r"(?:[•●▪◦‣·➤►✓]|[*–—-](?= )|\d{1,2}[.)](?= )|[lo](?= [A-Z])) ?")
_LONE_BULLET = re.compile(r"[•●▪◦‣·➤►*–—-]|\d{1,2}[.)]|l")
_LABEL_END = re.compile(r" ?[:|]+[*_]* ?| [-–—] ")
_LONGEST_LABEL = 40
_ENDED = tuple(".!?:…\"”’')]")
# A line that stops here goes on in the next one, whatever that looks like.
_DANGLING = re.compile(
    r" (?:an?|and|across|against|among|as|at|by|for|from|in|into|of|on|or|over|that|the|to|with|within)",
    re.IGNORECASE,
)
_FEWEST_WORDS = 8  # of a verse without quotation marks
_WRAPPED_WIDTH = range(50, 101)


@dataclass(frozen=True, slots=True)
class Reference:
    """A line with nothing but a verse's reference, whose text isn't in quotation marks or stands elsewhere."""

    reference: str


@dataclass(frozen=True, slots=True)
class Note:
    """Text set aside, and the rule that says so."""

    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text, its lines joined, without its bullet, label or heading. A label alone on its line has no text."""

    text: str
    label: Kind | None = None
    bullet: bool = False
    heading: Heading | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """What some lines of a text are."""

    lines: tuple[Line, ...]
    what: Heading | Written | Found | Reference | Note | Paragraph

    @property
    def text(self) -> str:
        """Return the lines as they stand, joined."""
        return " ".join(line.text for line in self.lines)


def items(lines: Sequence[Line], profile: Profile) -> list[Item]:
    """Return the items of a text in order; every line is in exactly one."""
    found: list[Item] = []
    for item in _items(lines, profile):
        verse = _unquoted_verse(found[-1], item) if found else None
        if verse is not None:
            found.append(Item(found.pop().lines + item.lines, Found(verse, 0, quoted=False)))
        else:
            found.append(item)
    return found


def _unquoted_verse(above: Item, item: Item) -> Verse | None:
    """Return the verse that a paragraph and the reference below it make; a title over a reference is none."""
    if not isinstance(above.what, Paragraph) or not isinstance(item.what, Reference):
        return None
    text = above.what.text
    if above.what.label or above.what.heading or invites(text) or len(text.split()) < _FEWEST_WORDS:
        return None
    return Verse(text, item.what.reference)


def _items(lines: Sequence[Line], profile: Profile) -> Iterator[Item]:
    index = 0
    while index < len(lines):
        anchor = _anchor(lines, index, profile)
        if anchor is not None:
            yield anchor
            index += len(anchor.lines)
            continue
        end = index + 1
        while end < len(lines) and _goes_on(lines, index, end, profile):
            end += 1
        for group in _paragraphs(lines[index:end]):
            yield _paragraph(group, profile)
        index = end


def _anchor(lines: Sequence[Line], index: int, profile: Profile) -> Item | None:
    """Return the item that a line begins by its own looks, None where it is running text."""
    line = lines[index]
    found = verses.verse_at(lines, index, lambda text: _is_heading_or_date(text, profile))
    if found is not None:
        return Item(tuple(lines[index : index + found.count]), found)
    titled = heading(line.text, profile)
    if titled is not None and not titled.rest:
        return Item((line,), titled)
    written = dates.written(line.text)
    if written is not None:
        return Item((line,), written)
    named = verses.reference(line.text)
    if named is not None:
        return Item((line,), Reference(named))
    if not any(map(str.isalnum, line.text)) and not _is_lone_bullet(lines, index):
        return Item((line,), Note("", "no letters: a rule or the residue of a table"))
    return None


def _is_heading_or_date(text: str, profile: Profile) -> bool:
    return heading(text, profile) is not None or ((written := dates.written(text)) is not None and written.alone)


def _is_lone_bullet(lines: Sequence[Line], index: int) -> bool:
    return bool(_LONE_BULLET.fullmatch(lines[index].text)) and index + 1 < len(lines)


def _goes_on(lines: Sequence[Line], start: int, index: int, profile: Profile) -> bool:
    """Tell whether a line stands in the same block of running text as the one before it."""
    line, before = lines[index], lines[index - 1]
    if index == start + 1 and _is_lone_bullet(lines, start):
        return _anchor(lines, index, profile) is None
    if line.after_gap or _is_lone_bullet(lines, index):
        return False
    if _is_dangling(before.text) and not before.text.isupper():
        return True
    if _BULLET.match(line.text) or _label(line.text, profile) or _is_label_alone(before.text, profile):
        return False
    titled = heading(line.text, profile)
    return titled is None and _anchor(lines, index, profile) is None


def _is_dangling(text: str) -> bool:
    return len(text) >= _WRAPPED_WIDTH.start and _DANGLING.fullmatch(text, text.rfind(" ")) is not None


def _paragraphs(block: Sequence[Line]) -> Iterator[tuple[Line, ...]]:
    """Yield the paragraphs of a block without blank lines.

    Lines broken at a width are joined: those that had no room for the next line's first word. That a block is broken
    like that shows where a line stops within a sentence. Other lines are paragraphs, with what goes on in lower case.
    """
    widest = max(len(line.text) for line in block)
    pairs = list(pairwise(block))
    wrapped = widest in _WRAPPED_WIDTH and any(_runs_on(one, two) for one, two in pairs)
    group = [block[0]]
    for one, two in pairs:
        full = wrapped and len(one.text) + 1 + len(two.text.split(" ", 1)[0]) > widest
        if full or _runs_on(one, two) or (len(group) == 1 and _LONE_BULLET.fullmatch(one.text)):
            group.append(two)
        else:
            yield tuple(group)
            group = [two]
    yield tuple(group)


def _runs_on(one: Line, two: Line) -> bool:
    return (not one.text.endswith(_ENDED) and two.text[0].islower()) or _is_dangling(one.text)


def _paragraph(group: tuple[Line, ...], profile: Profile) -> Item:
    text = " ".join(line.text for line in group).strip("| ")
    titled = heading(text, profile)
    if titled is not None:
        return Item(group, Paragraph(titled.rest, heading=titled) if titled.rest else titled)
    bullet = _BULLET.match(text)
    if bullet:
        text = text[bullet.end() :]
    label = _label(text, profile)
    if label is not None:
        return Item(group, Paragraph(label[1], label[0], bullet is not None))
    verse = verses.split(text)
    if verse is not None and not invites(text):
        return Item(group, Found(verse, 0, quoted=False))
    rule = note(text, profile)
    if rule is not None:
        return Item(group, Note(text, rule))
    return Item(group, Paragraph(text, None, bullet is not None))


def _label(text: str, profile: Profile) -> tuple[Kind, str] | None:
    """Split "Praise: text" into the label's kind and the text."""
    if _is_label_alone(text, profile):
        return profile.labels[fold(text)], ""
    parted = _LABEL_END.search(text, 0, _LONGEST_LABEL)
    if parted is None:
        return None
    kind = profile.labels.get(fold(text[: parted.start()]))
    return (kind, text[parted.end() :].strip("*_ ")) if kind else None


def _is_label_alone(text: str, profile: Profile) -> bool:
    return len(text) <= _LONGEST_LABEL and fold(text) in profile.labels and text[-1] not in ".!"
