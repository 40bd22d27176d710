"""How a request looks in a message: whole, in parts, or before it is revealed."""

import re
from collections.abc import Sequence
from html import escape

from bot.domain.bulletin import Kind, Point, Verse
from bot.domain.mending import mended
from bot.domain.pseudonyms import has_pseudonym
from bot.services.words import Words
from bot.store.bulletins import StoredRequest

# Telegram counts what is left after the entities are parsed: in code points or in UTF-16 units, which are never fewer.
TEXT_LIMIT = 4096
# A longer verse is shortened, so that it fits into its message and leaves room for the request.
LONGEST_VERSE = TEXT_LIMIT // 2
LONGEST_REFERENCE = 100
# Kept free in every part for the line that heads a continuation.
_PART_LINE = 80


class Rendering:
    """Turns what is stored into the HTML that Telegram understands. The same input always gives the same parts."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def bare(self, stored: StoredRequest, part: int, parts: int) -> str:
        """What is sent before the request is revealed: the region and the verse, or that another part follows."""
        if part > 0:
            return self._words.html("post.follows", number=part + 1, total=parts)
        return self._head(stored)

    def parts(self, stored: StoredRequest, points: tuple[int, ...]) -> tuple[str, ...]:
        """The request's points, mended, one message or as many as it needs, the first with region and verse."""
        shown = mended([stored.request.points[index] for index in points]).points
        head, ending = self._head(stored), self._ending(shown)
        room = TEXT_LIMIT - length(ending) - 2 - _PART_LINE
        paragraphs: list[str] = []
        for point in shown:
            sign = self._words.plain(f"post.sign.{point.kind}")
            paragraphs += split(f"{sign} {point.text}", max(room - length(head) - 2, room // 2))
        bodies = [head]
        for paragraph in paragraphs:
            html = escape(paragraph, quote=False)
            if length(bodies[-1]) + 2 + _units(paragraph) > room:
                bodies.append(html)
            else:
                bodies[-1] += f"\n\n{html}"
        if len(bodies) > 1:
            region = self._words.region(stored.request.region)
            for number in range(2, len(bodies) + 1):
                part = self._words.html("post.part", region=region, number=number, total=len(bodies))
                bodies[number - 1] = part + bodies[number - 1]
        bodies[-1] += f"\n\n{ending}"
        return tuple(bodies)

    def verse(self, verse: Verse) -> str:
        """The verse as a quotation, shortened where it is too long."""
        text, reference = shortened(verse.text, LONGEST_VERSE), shortened(verse.reference, LONGEST_REFERENCE)
        return self._words.html("post.verse", text=text, reference=reference)

    def kinds(self, kinds: frozenset[Kind]) -> str:
        """The sign of a request whose points are of these kinds."""
        kind = next(iter(kinds)) if len(kinds) == 1 else Kind.MIXED
        return self._words.plain(f"post.sign.{kind}")

    def _head(self, stored: StoredRequest) -> str:
        head = self._words.html("post.head", region=self._words.region(stored.request.region))
        return f"{head}\n\n{self.verse(stored.verse)}"

    def _ending(self, shown: Sequence[Point]) -> str:
        """What stands below the points: why a name has an asterisk, where one has, and the plea to keep it here."""
        keep = self._words.html("post.keep")
        if any(has_pseudonym(point.text) for point in shown):
            return f"{self._words.html('post.pseudonym')}\n\n{keep}"
        return keep


def split(text: str, limit: int) -> list[str]:
    """Cut a text into pieces of at most `limit` UTF-16 units, 2 or more.

    After the last sentence in the second half of a piece, else between words, else anywhere.
    """
    pieces: list[str] = []
    text = " ".join(text.split())
    start = 0
    while (fitting := _fitting(text[start : start + limit], limit)) < len(text) - start:
        window = text[start : start + fitting + 1]
        ends = [match.end() for match in re.finditer(r"[.!?…][\"”’)*]*\s", window)]
        cut = ends[-1] if ends and ends[-1] > limit // 2 else window.rfind(" ")
        cut = cut if cut > 0 else fitting
        pieces.append(window[:cut].strip())
        start += cut
        start += text[start] == " "
    return [*pieces, text[start:]] if text else pieces


def shortened(text: str, limit: int) -> str:
    """A text of at most `limit` UTF-16 units; where something is left out, an ellipsis says so."""
    text = " ".join(text.split())
    return text if _units(text) <= limit else f"{split(text[:limit], limit - 2)[0]} …"


def _fitting(text: str, limit: int) -> int:
    """How many characters of a text have together no more than `limit` UTF-16 units."""
    return len(text.encode("utf-16-le")[: 2 * limit].decode("utf-16-le", "ignore"))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def length(html: str) -> int:
    """UTF-16 units after Telegram has parsed the entities: our own HTML has only tags and the escapes of & < >."""
    return _units(re.sub(r"&(?:amp|lt|gt);", "x", re.sub(r"<[^>]*>", "", html)))
