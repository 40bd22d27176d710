"""How a request looks in a message: whole, in parts, or before it is revealed."""

import re
from html import escape

from bot.domain.bulletin import Kind, Verse
from bot.domain.regions import Region
from bot.services.words import Words
from bot.store.bulletins import StoredRequest

# Telegram counts what is left after the entities are parsed, in code points.
TEXT_LIMIT = 4096
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
        """The request's points, one message or as many as it needs, the first with region and verse."""
        keep, head = self._words.html("post.keep"), self._head(stored)
        room = TEXT_LIMIT - length(keep) - 2 - _PART_LINE
        paragraphs: list[str] = []
        for index in points:
            point = stored.request.points[index]
            sign = self._words.plain(f"post.sign.{point.kind}")
            paragraphs += split(f"{sign} {point.text}", max(room - length(head) - 2, room // 2))
        bodies = [head]
        for paragraph in paragraphs:
            html = escape(paragraph, quote=False)
            if length(bodies[-1]) + 2 + len(paragraph) > room:
                bodies.append(html)
            else:
                bodies[-1] += f"\n\n{html}"
        if len(bodies) > 1:
            region = self._region(stored.request.region)
            for number in range(2, len(bodies) + 1):
                part = self._words.html("post.part", region=region, number=number, total=len(bodies))
                bodies[number - 1] = part + bodies[number - 1]
        bodies[-1] += f"\n\n{keep}"
        return tuple(bodies)

    def verse(self, verse: Verse) -> str:
        """The verse as a quotation."""
        return self._words.html("post.verse", text=verse.text, reference=verse.reference)

    def kinds(self, kinds: frozenset[Kind]) -> str:
        """The sign of a request whose points are of these kinds."""
        kind = next(iter(kinds)) if len(kinds) == 1 else Kind.MIXED
        return self._words.plain(f"post.sign.{kind}")

    def _head(self, stored: StoredRequest) -> str:
        head = self._words.html("post.head", region=self._region(stored.request.region))
        return f"{head}\n\n{self.verse(stored.verse)}"

    def _region(self, region: Region) -> str:
        return str(region)


def split(text: str, limit: int) -> list[str]:
    """Cut a text into pieces of at most `limit` characters: after a sentence, else between words, else anywhere."""
    pieces = []
    while len(text) > limit:
        window = text[: limit + 1]
        ends = [match.end() for match in re.finditer(r"[.!?…][\"”’)]*\s", window)]
        cut = ends[-1] if ends else window.rfind(" ")
        cut = cut if cut > 0 else limit
        pieces.append(text[:cut].strip())
        text = text[cut:].strip()
    return [*pieces, text] if text else pieces


def length(html: str) -> int:
    """Code points after Telegram has parsed the entities: our own HTML has only tags and the escapes of & < >."""
    return len(re.sub(r"&(?:amp|lt|gt);", "x", re.sub(r"<[^>]*>", "", html)))
