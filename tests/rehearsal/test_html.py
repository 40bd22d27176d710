import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rehearsal.entities import utf16_length
from bot.rehearsal.errors import ApiError
from bot.rehearsal.html import checked_link, parse_html


def entities_of(source: str) -> list[tuple[str, int, int]]:
    return [(e.type, e.offset, e.length) for e in parse_html(source).entities]


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ("b strong", "bold"),
        ("i em", "italic"),
        ("u ins", "underline"),
        ("s strike del", "strikethrough"),
        ("code", "code"),
        ("pre", "pre"),
        ("tg-spoiler", "spoiler"),
        ("blockquote", "blockquote"),
    ],
)
def test_each_tag_becomes_its_entity(tags: str, kind: str) -> None:
    for tag in tags.split():
        read = parse_html(f"x <{tag}>y</{tag}>")
        assert read.text == "x y"
        assert [(e.type, e.offset, e.length) for e in read.entities] == [(kind, 2, 1)]


def test_offsets_count_utf16_units() -> None:
    assert entities_of("🙏 <b>🙏a</b><i>é</i>") == [("bold", 3, 3), ("italic", 6, 1)]


def test_a_surrounding_entity_comes_before_the_ones_inside() -> None:
    assert entities_of("<blockquote><b>a</b> b</blockquote>") == [("blockquote", 0, 3), ("bold", 0, 1)]


def test_an_expandable_quotation_is_known_with_and_without_a_value() -> None:
    assert entities_of("<blockquote expandable>a</blockquote>") == [("expandable_blockquote", 0, 1)]
    assert entities_of('<blockquote expandable="">a</blockquote>') == [("expandable_blockquote", 0, 1)]


def test_a_span_is_a_spoiler_only() -> None:
    assert entities_of('<span class="tg-spoiler">a</span>') == [("spoiler", 0, 1)]
    with pytest.raises(ApiError, match='Tag "span" must have class "tg-spoiler" at byte offset 2'):
        parse_html('é<span class="x">a</span>')


def test_references_are_decoded_and_unknown_ones_stay() -> None:
    assert parse_html("&lt;&gt;&amp;&quot;&#8217;&#x1F64F;&nbsp;&#0;&").text == '<>&"’🙏&nbsp;&#0;&'


def test_a_link_keeps_its_address_decoded() -> None:
    (link,) = parse_html('<a href="https://example.org/?a=1&amp;b=2">x</a>').entities
    assert link.as_json() == {"type": "text_link", "offset": 0, "length": 1, "url": "https://example.org/?a=1&b=2"}


def test_a_link_without_an_address_takes_its_text_or_vanishes() -> None:
    assert parse_html("<a>example.org</a>").entities[0].extra == (("url", "http://example.org/"),)
    assert parse_html('<a href="no link">x</a>').entities == ()


def test_links_get_a_scheme_and_a_slash() -> None:
    assert checked_link("t.me/bot?start=1") == "http://t.me/bot?start=1"
    assert checked_link("HTTPS://example.org") == "https://example.org/"


def test_a_language_belongs_to_code_in_pre() -> None:
    (code,) = parse_html('<pre><code class="language-python">x</code></pre>').entities
    assert code.as_json() == {"type": "pre", "offset": 0, "length": 1, "language": "python"}
    assert parse_html('<code class="language-python">x</code>').entities[0].extra == ()


def test_an_empty_entity_is_none() -> None:
    assert entities_of("<b></b>a") == []


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("é <p>a</p>", 'Unsupported start tag "p" at byte offset 3'),
        ("<{at}>", 'Unsupported start tag "{at}" at byte offset 0'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<a href>x</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
        ("<a =>x</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=a/b>x</a>", "Unexpected end of name token at byte offset 8"),
        ("<a href='x", "Unclosed start tag at byte offset 0"),
        ("<a href=", "Unclosed start tag at byte offset 0"),
    ],
)
def test_broken_html_is_refused_with_telegrams_words(source: str, error: str) -> None:
    with pytest.raises(ApiError) as refused:
        parse_html(source)
    assert refused.value.description.startswith("Bad Request: can't parse entities: ")
    assert error.replace("{at}", "at byte offset 0") in refused.value.description or error in refused.value.description


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_escaped_text_comes_back_whole(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    read = parse_html(f"<b>{escaped}</b>")
    assert read.text == text
    assert [(e.offset, e.length) for e in read.entities] == ([(0, utf16_length(text))] if text else [])


@given(st.text(alphabet="<>/ab =\"'&;é🙏-i"))
def test_any_source_is_read_or_refused(source: str) -> None:
    try:
        read = parse_html(source)
    except ApiError as refused:
        assert refused.code == 400
    else:
        assert all(e.offset + e.length <= utf16_length(read.text) for e in read.entities)
