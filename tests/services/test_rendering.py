import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.bulletin import Kind, Point, Request, Verse
from bot.domain.regions import Region
from bot.services.rendering import TEXT_LIMIT, Rendering, split
from bot.services.words import Words
from bot.settings import TEXTS
from bot.store.bulletins import StoredRequest

WORDS = Words.load(TEXTS)
RENDERING = Rendering(WORDS)
# What html.escape writes and the texts use: anything else would be read as an entity by Telegram.
MARKUP = re.compile(r"</?(?:b|i|blockquote)>|&(?:amp|lt|gt);")

awkward = st.sampled_from(
    ["<b>", "</i>", "&", "&amp;", "<script>", "a<b", "{count}", "{", "“so”", "🙏", "e\u0301", "\u202e"]
)
words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=30) | awkward
long_words = st.integers(1, 5000).map(lambda length: "x" * length)
texts = st.builds(
    lambda some, times: " ".join(some * times),
    st.lists(words | long_words, min_size=1, max_size=12),
    st.integers(1, 60),
)
points = st.lists(st.builds(Point, texts, st.sampled_from(Kind)), min_size=1, max_size=4)
verses = st.builds(Verse, st.text("abc <&.", max_size=3000), st.just("Amos 5:24"))


def visible(html: str) -> str:
    """What a reader sees. Everything that isn't our own markup must have been escaped."""
    rest = MARKUP.sub("", html)
    assert "<" not in rest
    assert "&" not in rest
    return unescape(re.sub(r"<[^>]*>", "", html))


def bare(text: str) -> str:
    return "".join(text.split())


@given(st.sampled_from(Region), verses, points)
def test_every_part_fits_into_a_message_and_no_text_is_lost(region: Region, verse: Verse, made: list[Point]) -> None:
    stored = StoredRequest(1, Request(region, None, tuple(made)), verse)
    wanted = tuple(range(len(made)))
    parts = RENDERING.parts(stored, wanted)
    assert all(0 < len(visible(part)) <= TEXT_LIMIT for part in parts)
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
    for point in made:
        at = whole.index(bare(WORDS.plain(f"post.sign.{point.kind}") + point.text), at)
    assert whole.startswith(bare(f"{region}“{verse.text}”—{verse.reference}"))
    assert whole.endswith(bare(visible(WORDS.html("post.keep"))))


@pytest.mark.parametrize("before", [0, 1])
def test_no_length_of_a_text_makes_a_part_too_long(before: int) -> None:
    short = Point("x" * 4000, Kind.PRAYER)
    for length in range(3400, 4200):
        made = (*[short] * before, Point("y" * length, Kind.PRAISE))
        stored = StoredRequest(1, Request(Region.AFRICA_EUROPE, None, made), Verse("Roll on", "Amos 5:24"))
        parts = RENDERING.parts(stored, tuple(range(len(made))))
        assert max(len(visible(part)) for part in parts) <= TEXT_LIMIT, length


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


@given(points)
def test_before_it_is_revealed_nothing_of_a_request_shows(made: list[Point]) -> None:
    stored = StoredRequest(1, Request(Region.GLOBAL, "Worldwide", tuple(made)), Verse("Roll on", "Amos 5:24"))
    empty = StoredRequest(2, Request(Region.GLOBAL, None, ()), Verse("Roll on", "Amos 5:24"))
    for part in range(3):
        assert RENDERING.bare(stored, part, 3) == RENDERING.bare(empty, part, 3)
    assert "Roll on" in RENDERING.bare(stored, 0, 3)
    assert "2/3" in RENDERING.bare(stored, 1, 3)


@given(st.lists(words | st.just("x" * 400), min_size=1, max_size=12).map(" ".join), st.integers(1, 100))
def test_pieces_keep_to_the_limit_and_lose_nothing(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert all(0 < len(piece) <= limit for piece in pieces)
    assert bare("".join(pieces)) == bare(text)


@pytest.mark.parametrize(
    ("text", "limit", "pieces"),
    [
        ("One two. Three four. Five", 21, ["One two. Three four.", "Five"]),
        ("He said “Come.” They came.", 18, ["He said “Come.”", "They came."]),
        ("one two three", 9, ["one two", "three"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("Dr. Amina prays with us", 12, ["Dr.", "Amina prays", "with us"]),
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
