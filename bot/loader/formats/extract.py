"""What a file says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

LONGEST = 16 * 2**20  # characters that any file may hold; years of bulletins are one hundredth of it


class FormatError(Exception):
    """A file's form can't be read. The message goes on from the file's name: "is broken. Save it again."."""


@dataclass(frozen=True, slots=True)
class Extract:
    """A file's text as lines.

    `sent_on`: the date of the mail that the text came in, in its sender's zone; `subject`: what that mail is about.
    `aside`: lines, counted from 1, that are no part of a bulletin, each with the rule that says so. `notices`: what an
    editor should know.
    """

    text: str
    sent_on: date | None = None
    subject: str | None = None
    aside: Mapping[int, str] = field(default_factory=dict)
    notices: tuple[tuple[str, str], ...] = ()  # code and sentence of a warning
