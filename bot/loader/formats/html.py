"""The text of an HTML page as a reader sees it: a line a block, a blank line between paragraphs."""

import re
from collections.abc import Iterator, Mapping

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.loader.formats.extract import Extract, FormatError
from bot.loader.lines import raw_lines

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
_AROUND = ("nav", "footer")
_WHOLE = ("html", "body", "main", "article")
_FURNITURE = frozenset(
    ("nav", "navbar", "navigation", "menu", "breadcrumb", "breadcrumbs", "crumbs", "sidebar", "comments", "commentlist",
     "comment-list", "respond", "comment-respond", "footer", "site-footer", "sharing", "sharedaddy", "addthis_toolbox",
     "related", "related-posts", "recent-posts", "tagcloud", "skip", "skip-link")
)  # fmt: skip
# Around what is furniture, until it is known which lines hold nothing else. No page has these characters in its text.
_BEGINS, _ENDS = "\0", "\1"
_MARKED = re.compile(f"{_BEGINS}[^{_ENDS}]*{_ENDS}")
_SPACE = re.compile(r"[ \t\r\n\f]+")


def extract(content: bytes) -> Extract:
    """Return the text of a page; its furniture is set aside, unless it is all. Raises FormatError as `text_of`."""
    marked = _marked(decoded(content))
    lines = raw_lines(marked)
    seen = [bool(_MARKED.sub("", line).strip()) for line in lines]
    aside = [number for number, line in enumerate(lines, 1) if line and not seen[number - 1]] if any(seen) else []
    return Extract(_bare(marked), aside=dict.fromkeys(aside, "a page's furniture, as it says itself"))


def text_of(page: str) -> str:
    """Return the text of a page. Raises FormatError for one nested too deeply."""
    return _bare(_marked(page))


def _bare(marked: str) -> str:
    return marked.replace(_BEGINS, "").replace(_ENDS, "")


def _marked(page: str) -> str:
    """Return the text of a page, with marks around each piece of its furniture."""
    if _is_too_deep(page):
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


def _is_too_deep(page: str) -> bool:
    """Tell whether elements with an end are nested too deeply, without building them: some parsers are slow there."""
    depth = 0
    for tag in _TAG.finditer(page):
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > _DEEPEST:
            return True
    return False


def _pieces(root: LexborNode) -> Iterator[str]:
    """Yield the text of a tree and the breaks between its blocks, without recursion."""
    todo: list[tuple[LexborNode | str, bool]] = [(root, False)]
    while todo:
        node, aside = todo.pop()
        if isinstance(node, str):
            yield node
        elif node.is_text_node:
            yield _piece(_SPACE.sub(" ", node.text_content or ""), aside=aside)
        elif not _UNSEEN.fullmatch(tag := node.tag or "") and _is_shown(attributes := node.attributes):
            aside = aside or _is_furniture(node, tag, attributes)
            gap = "\n\n" if _PARAGRAPH.fullmatch(tag) else "\n" if _LINE.fullmatch(tag) else ""
            yield gap + (_piece("• ", aside=aside) if tag == "li" else "")
            todo.append((gap if tag != "br" else "", aside))
            todo += reversed([(child, aside) for child in node.iter(include_text=True)])


def _piece(text: str, *, aside: bool) -> str:
    return f"{_BEGINS}{text}{_ENDS}" if aside and not text.isspace() else text


def _is_furniture(node: LexborNode, tag: str, attributes: Mapping[str, str | None]) -> bool:
    """Tell whether an element says of itself that it goes around a page's text; an aside may hold a quotation."""
    if tag == "footer" and node.parent is not None and node.parent.tag == "blockquote":
        return False  # it says whose words these are
    if not attributes and tag != "aside":
        return tag in _AROUND
    named = f"{attributes.get('id') or ''} {attributes.get('class') or ''}".casefold().split()
    if tag == "aside":
        return "quote" not in " ".join(named) and node.css_first("blockquote") is None
    return tag in _AROUND or (tag not in _WHOLE and not _FURNITURE.isdisjoint(named))


def _is_shown(attributes: Mapping[str, str | None]) -> bool:
    return "hidden" not in attributes and not _HIDDEN.search(attributes.get("style") or "")
