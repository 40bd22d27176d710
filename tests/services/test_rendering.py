import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.bulletin import Kind, Point, Request, Verse
from bot.domain.mending import mended
from bot.domain.regions import Region
from bot.rehearsal.entities import utf16_length
from bot.rehearsal.texts import read_text
from bot.services.rendering import LONGEST_REFERENCE, LONGEST_VERSE, TEXT_LIMIT, Rendering, shortened, split
from bot.store.bulletins import StoredRequest
from tests.texts import WORDS

RENDERING = Rendering(WORDS)
# What html.escape writes and the texts use: anything else would be read as an entity by Telegram.
MARKUP = re.compile(r"</?(?:b|i|blockquote)>|&(?:amp|lt|gt);")

awkward = st.sampled_from(
    [
        "<b>",
        "</i>",
        "&",
        "&amp;",
        "<script>",
        "a<b",
        "{count}",
        "{",
        "“so”",
        "🙏",
        "e\u0301",
        "\u202e",
        "Amina*",
        "so.Pray",
    ]
)
words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=30) | awkward
long_words = st.builds(lambda length, letter: letter * length, st.integers(1, 5000), st.sampled_from("x🙏&"))
texts = st.builds(
    lambda some, times: " ".join(some * times),
    st.lists(words | long_words, min_size=1, max_size=12),
    st.integers(1, 8),
)
points = st.lists(st.builds(Point, texts, st.sampled_from(Kind)), min_size=1, max_size=4)
verses = st.builds(Verse, texts | st.text("abc <&.🙏", max_size=3000), st.sampled_from(["Amos 5:24", "Ps 1:1 " * 800]))


def visible(html: str) -> str:
    """What a reader sees. Everything that isn't our own markup must have been escaped."""
    rest = MARKUP.sub("", html)
    assert "<" not in rest
    assert "&" not in rest
    return unescape(re.sub(r"<[^>]*>", "", html))


def fits(html: str) -> bool:
    """Whether the rehearsal server takes it as a message, as it is and within the limit. Raises its answer if not."""
    seen = read_text(html, "HTML", None).text
    return seen == visible(html) and 0 < utf16_length(seen) <= TEXT_LIMIT


def bare(text: str) -> str:
    return "".join(text.split())


@pytest.mark.no_cover
@given(st.sampled_from(Region), verses, points)
def test_every_part_fits_into_a_message_and_no_text_is_lost(region: Region, verse: Verse, made: list[Point]) -> None:
    stored = StoredRequest(1, Request(region, None, tuple(made)), verse)
    wanted = tuple(range(len(made)))
    parts = RENDERING.parts(stored, wanted)
    bare_parts = [RENDERING.bare(stored, part, len(parts)) for part in range(len(parts))]
    assert all(fits(part) for part in (*parts, *bare_parts))
    assert parts == RENDERING.parts(stored, wanted)
    # Without the lines that head continuations the parts read on as one text.
    heads = [
        "",
        *(f"<b>{region.replace('&', '&amp;')}</b> · {number}/{len(parts)}\n\n" for number in range(2, len(parts) + 1)),
    ]
    bodies = [part.removeprefix(head) for head, part in zip(heads, parts, strict=True)]
    assert all(part.startswith(head) for head, part in zip(heads, parts, strict=True))
    whole = bare(visible("".join(bodies)))
    at = 0
    for point in mended(made).points:
        at = whole.index(bare(WORDS.plain(f"post.sign.{point.kind}") + point.text), at)
    text, reference = shortened(verse.text, LONGEST_VERSE), shortened(verse.reference, LONGEST_REFERENCE)
    assert whole.startswith(bare(f"{region}“{text}”—{reference}"))
    assert whole.endswith(bare(visible(WORDS.html("post.keep"))))


@pytest.mark.parametrize("before", [0, 1])
def test_no_length_of_a_text_makes_a_part_too_long(before: int) -> None:
    short = Point("x" * 4000, Kind.PRAYER)
    for length in range(3400, 4200):
        made = (*[short] * before, Point("y" * length, Kind.PRAISE))
        stored = StoredRequest(1, Request(Region.AFRICA_EUROPE, None, made), Verse("Roll on", "Amos 5:24"))
        parts = RENDERING.parts(stored, tuple(range(len(made))))
        assert max(utf16_length(visible(part)) for part in parts) <= TEXT_LIMIT, length


@given(st.sampled_from(Region), points, st.data())
def test_only_the_points_of_the_day_are_shown(region: Region, made: list[Point], data: st.DataObject) -> None:
    chosen = tuple(sorted(data.draw(st.sets(st.integers(0, len(made) - 1)))))
    request = Request(region, None, tuple(made))
    only = Request(region, None, tuple(made[index] for index in chosen))
    verse = Verse("Let justice roll on", "Amos 5:24")
    assert RENDERING.parts(StoredRequest(1, request, verse), chosen) == RENDERING.parts(
        StoredRequest(2, only, verse), tuple(range(len(chosen)))
    )


def test_a_short_request_is_one_message_with_region_verse_points_and_the_plea() -> None:
    request = Request(
        Region.AFRICA_EUROPE,
        None,
        (Point("Pray for A & B.", Kind.PRAYER), Point("Give thanks.", Kind.PRAISE), Point("Both.", Kind.MIXED)),
    )
    (part,) = RENDERING.parts(StoredRequest(1, request, Verse("Let <justice> roll", "Amos 5:24")), (0, 1, 2))
    assert part == (
        "<b>Africa &amp; Europe</b>\n\n<blockquote>“Let &lt;justice&gt; roll”\n— Amos 5:24</blockquote>\n\n"
        "🙏 Pray for A &amp; B.\n\n🎉 Give thanks.\n\n🎉🙏 Both.\n\n" + WORDS.html("post.keep")
    )


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("Roll on, justice. Roll on like rivers.", 100, "Roll on, justice. Roll on like rivers."),
        ("Roll on, justice. Roll on like rivers.", 30, "Roll on, justice. …"),
        ("Lo. Justice rolls on like a river", 30, "Lo. Justice rolls on like a …"),
        ("x" * 40, 30, "x" * 28 + " …"),
    ],
)
def test_a_verse_too_long_ends_after_a_sentence_or_word_with_an_ellipsis(text: str, limit: int, short: str) -> None:
    assert shortened(text, limit) == short


@pytest.mark.parametrize("letter", ["x", "🙏", "&", "in "])
def test_a_very_long_verse_is_posted_before_and_after_the_reveal(letter: str) -> None:
    verse = Verse(letter * 4000, "Amos 5:24")
    stored = StoredRequest(1, Request(Region.AFRICA_EUROPE, None, (Point("y" * 4000, Kind.PRAYER),)), verse)
    for part in (RENDERING.bare(stored, 0, 1), RENDERING.verse(verse), *RENDERING.parts(stored, (0,))):
        assert fits(part)
    assert "… ”" not in RENDERING.verse(verse)
    assert "…”\n— Amos 5:24" in RENDERING.verse(verse)


def one_part(*texts: str, chosen: tuple[int, ...] | None = None) -> str:
    made = tuple(Point(text, Kind.PRAYER) for text in texts)
    stored = StoredRequest(1, Request(Region.GLOBAL, None, made), Verse("Roll on", "Amos 5:24"))
    (part,) = RENDERING.parts(stored, chosen or tuple(range(len(made))))
    return part


def test_what_people_see_is_mended_among_the_points_that_are_shown() -> None:
    texts = ("Pray for rain.Ask for seed.", "Ask for seed. Give thanks.")
    assert "🙏 Pray for rain. Ask for seed.\n\n🙏 Give thanks.\n\n" in one_part(*texts)
    assert "🙏 Ask for seed. Give thanks.\n\n" in one_part(*texts, chosen=(1,))


def test_a_name_with_an_asterisk_is_explained_once_below_the_points() -> None:
    note, keep = WORDS.html("post.pseudonym"), WORDS.html("post.keep")
    assert one_part("Pray for Amina*.", "Ask for Lidia*.").endswith(f"🙏 Ask for Lidia*.\n\n{note}\n\n{keep}")
    assert note not in one_part("*Pray* for Amina.")
    assert note not in one_part("Pray for Amina*.", "Ask for rain.", chosen=(1,))


@given(points)
def test_before_it_is_revealed_nothing_of_a_request_shows(made: list[Point]) -> None:
    stored = StoredRequest(1, Request(Region.GLOBAL, "Worldwide", tuple(made)), Verse("Roll on", "Amos 5:24"))
    empty = StoredRequest(2, Request(Region.GLOBAL, None, ()), Verse("Roll on", "Amos 5:24"))
    for part in range(3):
        assert RENDERING.bare(stored, part, 3) == RENDERING.bare(empty, part, 3)
    assert "Roll on" in RENDERING.bare(stored, 0, 3)
    assert "2/3" in RENDERING.bare(stored, 1, 3)


@given(st.lists(words | st.just("x" * 400), min_size=1, max_size=12).map(" ".join), st.integers(2, 100))
def test_pieces_keep_to_the_limit_and_lose_nothing(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert all(0 < utf16_length(piece) <= limit for piece in pieces)
    assert bare("".join(pieces)) == bare(text)


@pytest.mark.parametrize(
    ("text", "limit", "pieces"),
    [
        ("One two. Three four. Five", 21, ["One two. Three four.", "Five"]),
        ("He said “Come.” They came.", 18, ["He said “Come.”", "They came."]),
        ("one two three", 9, ["one two", "three"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("Dr. Amina prays with us", 12, ["Dr. Amina", "prays with", "us"]),
        ("🙏🙏🙏🙏🙏", 4, ["🙏🙏", "🙏🙏", "🙏"]),
        ("whole", 5, ["whole"]),
        ("", 5, []),
    ],
)
def test_a_text_is_cut_after_a_sentence_else_between_words_else_anywhere(
    text: str, limit: int, pieces: list[str]
) -> None:
    assert split(text, limit) == pieces


@pytest.mark.parametrize(
    ("kinds", "sign"),
    [({Kind.PRAYER}, "🙏"), ({Kind.PRAISE}, "🎉"), ({Kind.PRAYER, Kind.PRAISE}, "🎉🙏"), (set(), "🎉🙏")],
)
def test_a_request_of_several_kinds_has_the_mixed_sign(kinds: set[Kind], sign: str) -> None:
    assert RENDERING.kinds(frozenset(kinds)) == sign
