"""What stands before a point: a bullet, or a label such as "Prayer:"."""

import re

from bot.domain.bulletin import Kind
from bot.loader.lines import fold
from bot.loader.profile import Profile

_BULLET = re.compile(
    r"(?:[•●▪■◦□◆‣·➤➡►▶✓✔☑✅👉🔹🔸]\ufe0f?|[\u2600-\u27bf\u2b50\U0001f300-\U0001faff]\ufe0f?(?= )"  # a picture, too
    r"|[*+–—-](?= )|\d{1,2}[.)](?= )|\(\d{1,2}\)(?= )|[a-z]\)(?= )|[lo](?= [A-Z])) ?"
)
_NUMBER = re.compile(r"(?:(?:\d{1,2}|[IVX]{1,4}|[A-H])[.)]|\(\d{1,2}\)) ")
_PICTURE = r"[_ \u2600-\u27bf\u2b50\ufe0f\U0001f000-\U0001faff]"
_AROUND = re.compile(rf"^{_PICTURE}+|{_PICTURE}+$")
_LONE_BULLET = re.compile(r"[•●▪◦‣·➤►*+–—-]|\d{1,2}[.)]|l")  # an "l" is what a bullet of some fonts is copied as
_LONGEST_BULLET = len("12.")
_LABEL_END = re.compile(r" ?[:|]+[*_]* ?| [-–—] ")
_LONGEST_LABEL = 40
_COMMANDS = ("pray", "please pray", "give thanks")
_LEADING = (" for", " that", " following")


def bullet(text: str) -> str:
    """Return the bullet that a text begins with, with its blank; "" where there is none."""
    found = _BULLET.match(text)
    return found.group() if found else ""


def number(text: str) -> str:
    """Return the number or letter of a list or an outline that a text begins with, with its blank; "" without one."""
    found = _NUMBER.match(text)
    return found.group() if found else ""


def is_bullet(text: str) -> bool:
    """Tell whether a line is nothing but a bullet, its text standing below."""
    return len(text) <= _LONGEST_BULLET and _LONE_BULLET.fullmatch(text) is not None


def cells(text: str) -> list[str]:
    """Return the cells of a table's row that hold a text each; a row whose cells end no sentence is one text."""
    parts = [part.strip() for part in text.split("|")] if "|" in text else [text]
    said = [part for part in parts if any(map(str.isalnum, part))]
    return said if all(part.endswith((".", "!", "?")) for part in said) else [text]


def undressed(text: str) -> str:
    """Return a text without pictures and marks of italics around it; a footnote's asterisk stays."""
    if not text or (text[0].isalnum() and (text[-1].isalnum() or text[-1] in ".!?")):
        return text
    bare = _AROUND.sub("", text)
    if len(bare) > 1 and bare[0] == "*" == bare[-1] and bare.count("*") == len(bare) - len(bare.strip("*")):
        bare = bare.strip("*")
    return bare if any(map(str.isalnum, bare)) else text


def split_label(text: str, profile: Profile) -> tuple[Kind, str] | None:
    """Split "Praise: text" into the label's kind and the text; None without a label of the profile."""
    if is_label(text, profile):
        return profile.labels[fold(text)], ""
    end = _LABEL_END.search(text, 0, _LONGEST_LABEL)
    label = fold(text[: end.start()]) if end else ""
    kind = profile.labels.get(label)
    if end is None or kind is None or (_leads_in(label) and ":" not in end.group()):
        return None
    if label in _COMMANDS and text[end.end() : end.end() + 1].islower():
        return None  # "Give thanks: the roof holds" is a sentence
    # Of a line that is bold as a whole; a pseudonym's asterisk stays.
    bold = text[: len(text) - len(text.lstrip("*_"))]
    return kind, text[end.end() :].strip().removesuffix(bold)


def is_label(text: str, profile: Profile) -> bool:
    """Tell whether a line is nothing but a label, its text standing below."""
    if text.startswith("#") and text[1:2].isalnum():
        return False  # "#prayer" is a tag
    is_whole = len(text) <= _LONGEST_LABEL and not text.endswith((".", "!")) and ":" not in text.rstrip(":|*_ ")
    if not is_whole or fold(text) not in profile.labels:
        return False
    return ":" in text or not _leads_in(fold(text))


def _leads_in(label: str) -> bool:
    """Tell whether a label is one only with its colon: "Pray for: ..."; else it is a sentence's beginning."""
    return label.endswith(_LEADING)
