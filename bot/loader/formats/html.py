"""The text of an HTML page as a reader sees it: a line a block, a blank line between paragraphs."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.loader.formats.extract import Extract, FormatError

_DEEPEST = 256  # elements within elements; mails full of layout tables have some sixty
_UNSEEN = re.compile(
    "script|style|head|template|noscript|iframe|object|svg|select|textarea|title|meta|[-!].*", re.DOTALL
)
_PARAGRAPH = re.compile("p|h[1-6]|ul|ol|table|blockquote|pre|hr|dl|figure")
_LINE = re.compile(
    "div|li|tr|td|th|dt|dd|section|article|header|footer|main|nav|aside|figcaption|body|center|address|form|caption"
    "|tbody|thead|br"
)
_NESTING = "div|span|table|tr|td|tbody|ul|ol|blockquote|section|article|center|font|b|i|em|strong|a|u|dl|form"
_TAG = re.compile(rf"<(/?)(?:{_NESTING})\b", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{1,40})", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")


def extract(content: bytes) -> Extract:
    """Return the text of a page. Raises FormatError for one nested too deeply."""
    return Extract(text_of(decoded(content)))


def text_of(page: str) -> str:
    """Return the text of a page. Raises FormatError for one nested too deeply."""
    if _depth(page) > _DEEPEST:
        raise FormatError(f"has HTML nested deeper than {_DEEPEST} elements. Copy its text into a text file.")
    root = LexborHTMLParser(page).root
    lines = "".join(_pieces(root)).split("\n") if root is not None else []
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_SPACE.sub(" ", line).strip(" ") for line in lines)).strip("\n")


def decoded(content: bytes) -> str:
    """Decode a page as browsers do: its mark, UTF-8, what it says itself, cp1252."""
    named = _CHARSET.search(content, 0, 4096)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", named[1].decode("ascii", "replace") if named else "cp1252"):
        try:
            return content.decode(encoding)
        except (LookupError, ValueError):
            continue
    return content.decode("cp1252", "replace")


def _depth(page: str) -> int:
    """Return how deep elements that have an end are nested, without building them: some parsers are slow there."""
    depth = deepest = 0
    for tag in _TAG.finditer(page):
        depth = max(0, depth - 1) if tag[1] else depth + 1
        deepest = max(depth, deepest)
    return deepest


def _pieces(root: LexborNode) -> Iterator[str]:
    """Yield the text of a tree and the breaks between its blocks, without recursion."""
    todo: list[LexborNode | str] = [root]
    while todo:
        node = todo.pop()
        if isinstance(node, str):
            yield node
        elif node.is_text_node:
            yield _SPACE.sub(" ", node.text_content or "")
        elif _is_seen(node):
            tag = node.tag or ""
            gap = "\n\n" if _PARAGRAPH.fullmatch(tag) else "\n" if _LINE.fullmatch(tag) else ""
            yield gap + ("• " if tag == "li" else "")
            todo.append(gap if tag != "br" else "")
            todo += reversed([*node.iter(include_text=True)])


def _is_seen(node: LexborNode) -> bool:
    if _UNSEEN.fullmatch(node.tag or ""):
        return False
    attributes = node.attributes
    return "hidden" not in attributes and not _HIDDEN.search(attributes.get("style") or "")
