"""The same fictional bulletin in every form is read the same."""

from datetime import date
from pathlib import Path

import pytest

from bot.domain.bulletin import Bulletin, Kind
from bot.domain.regions import Region
from bot.loader.files import read_file, text_of
from bot.loader.formats.recognising import Form, recognise
from bot.loader.profile import Profile
from bot.loader.reading import Reading
from bot.loader.sections import Place
from tests.loader.formats import documents

HARVEST = date(2026, 7, 3)
FORMS = {
    "week.txt": documents.TEXT.encode(),
    "week.md": documents.TEXT.replace("Latin America\n", "## Latin America\n").encode(),
    "windows.txt": documents.TEXT.encode("cp1252"),
    "utf-16.txt": documents.TEXT.encode("utf-16"),
    "week.html": documents.page().encode(),
    "windows.html": documents.page().replace("<head>", "<head><meta charset=windows-1252>").encode("cp1252"),
    "week.docx": documents.word(),
    "week.pdf": documents.pdf(),
    "narrow.pdf": documents.pdf(width=35),
    "week.eml": documents.mail(documents.TEXT).as_bytes(),
}


@pytest.fixture
def reading(tmp_path: Path, profile: Profile) -> "Read":
    return Read(tmp_path, profile)


class Read:
    """Reads bytes as a file of some name."""

    def __init__(self, folder: Path, profile: Profile) -> None:
        self._folder, self._profile = folder, profile

    def __call__(self, content: bytes, name: str = "bulletin", asked_for: date | None = None) -> Reading:
        path = self._folder / name
        path.write_bytes(content)
        return read_file(path, self._profile, asked_for=asked_for)


def points(bulletin: Bulletin) -> dict[Region, list[str]]:
    return {request.region: [point.text for point in request.points] for request in bulletin.requests}


def codes(reading: Reading) -> list[str]:
    return [warning.code for bulletin in reading.bulletins for warning in bulletin.warnings]


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("is_named", [True, False])
def test_every_form_is_known_by_its_content_and_read_alike(name: str, is_named: bool, reading: Read) -> None:
    (bulletin,) = reading(FORMS[name], name if is_named else "download").bulletins
    assert bulletin.title == documents.TITLE
    assert bulletin.published_on == HARVEST
    assert bulletin.verse is not None
    assert bulletin.verse.reference == "Psalm 145:18"
    assert points(bulletin) == {
        Region.AFRICA_EUROPE: [documents.AFRICA],
        Region.LATIN_AMERICA: [documents.LATIN],
        Region.GLOBAL: [documents.GLOBAL],
    }


def test_a_name_decides_where_the_content_says_nothing() -> None:
    assert recognise(b"Hello <b>there</b>", "page.HTM") is Form.HTML
    assert recognise(b"Hello", "letter.eml") is Form.MAIL
    assert recognise(b"Hello", "hand.yml") is Form.YAML
    assert recognise(b"Hello", "no name") is Form.TEXT
    assert recognise(documents.pdf(), "picture.txt") is Form.PDF


def test_a_page_is_read_as_it_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "page"
    path.write_text(
        "<html><head><title>t</title></head><body><div style='display: none'>preview</div><script>s</script>"
        "<table><tr><td>Africa</td></tr><tr><td>Pray&nbsp;for <b>Ama</b>ra&rsquo;s\n case."
        "<br>And rest.</td></tr></table>"
        "<ul><li>One</li><li>Two</li></ul><p hidden>no</p><!-- no --></body></html>"
    )
    lines = [line for line in text_of(path).replace("\xa0", " ").split("\n") if line]
    assert lines == ["Africa", "Pray for Amara’s case.", "And rest.", "• One", "• Two"]


AROUND = """
<nav><ul><li>Home</li><li>Pray for the gate</li></ul></nav>{}
<aside><h4>Our friends</h4><ul><li>The kitchen in Malawi</li></ul></aside><div class="Sidebar wide">Africa</div>
<ol id="comments"><li>Please pray for my aunt, too.</li></ol><footer><p>We meet on Sundays.</p></footer>
"""


def test_what_a_page_itself_calls_its_furniture_is_set_aside(reading: Read) -> None:
    body = documents.page(documents.PARAGRAPHS)
    within = body[body.index("<body>") + len("<body>") : body.index("</body>")]
    framed = reading(body.replace(within, AROUND.format(within)).encode())
    assert points(framed.bulletins[0]) == points(reading(body.encode()).bulletins[0])
    assert codes(framed) == []
    assert [each.text for each in framed.placements if each.rule.startswith("a page's furniture")] == [
        "• Home", "• Pray for the gate", "Our friends", "• The kitchen in Malawi", "Africa",
        "• Please pray for my aunt, too.", "We meet on Sundays.",
    ]  # fmt: skip


def test_a_page_that_is_all_within_its_furniture_is_read_and_a_quotation_beside_it_too(reading: Read) -> None:
    whole = documents.page()
    of_menu = whole.replace("<body>", "<body><div class=menu>").replace("</body>", "</div></body>")
    assert points(reading(of_menu.encode()).bulletins[0]) == points(reading(whole.encode()).bulletins[0])
    verse = f"<p>{documents.VERSE}</p>"
    words, _, named = documents.VERSE.partition(" – ")
    for quotation in (
        f"<aside class=pullquote>{verse}</aside>",
        f"<blockquote><p>{words}</p><footer>{named}</footer></blockquote>",
    ):
        quoted = whole.replace(verse, quotation)
        assert quoted != whole
        assert reading(quoted.encode()).bulletins[0].verse == reading(whole.encode()).bulletins[0].verse


def test_a_word_file_keeps_lists_tables_text_boxes_insertions_and_footnotes(tmp_path: Path) -> None:
    paragraph = documents.word_paragraph
    boxed = (
        "<w:p><w:r><w:pict><v:shape xmlns:v='urn:schemas-microsoft-com:vml'><v:textbox><w:txbxContent>"
        f"{paragraph('In a box')}</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
    )
    body = (
        f"<w:tbl><w:tr><w:tc>{paragraph('Left')}</w:tc><w:tc>{paragraph('Right')}</w:tc></w:tr></w:tbl>"
        f"<w:sdt><w:sdtContent>{paragraph('In a control')}</w:sdtContent></w:sdt>{boxed}"
        "<w:p><w:ins><w:r><w:t>Added</w:t></w:r></w:ins><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"
        "<w:p><w:r><w:t>One</w:t><w:br/><w:t>Two</w:t></w:r></w:p>"
    )
    path = tmp_path / "file"
    path.write_bytes(documents.word(body))
    lines = [line for line in text_of(path).split("\n") if line]
    assert sorted(lines) == sorted(["Left", "Right", "In a control", "In a box", "Added", "One", "Two"])


def test_lines_of_a_pdf_become_paragraphs_again_and_pages_follow_one_another(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(documents.pdf([["Africa", documents.AFRICA, documents.GLOBAL], ["Global", documents.LATIN]]))
    lines = [line for line in text_of(path).split("\n") if line]
    assert lines == ["Africa", documents.AFRICA, documents.GLOBAL, "Global", documents.LATIN]


def test_an_undated_bulletin_has_the_date_of_its_mail_in_its_senders_zone(reading: Read) -> None:
    read = reading(documents.mail().as_bytes())
    assert read.bulletins[0].published_on == HARVEST
    assert codes(read) == ["date-of-mail"]


def test_a_bulletin_without_a_title_has_its_mails_subject(reading: Read) -> None:
    untitled = documents.TEXT.replace(documents.TITLE, "").strip()
    mail = documents.mail(untitled)
    mail.replace_header("Subject", "FW: Re: Rain at last")
    read = reading(mail.as_bytes())
    assert read.bulletins[0].title == "Rain at last"
    assert codes(read) == ["title-of-mail"]


def test_the_date_of_the_text_and_the_one_asked_for_go_before_that_of_the_mail(reading: Read) -> None:
    dated = reading(documents.mail(documents.TEXT, date="Mon, 06 Jul 2026 10:00:00 +0000").as_bytes())
    assert (dated.bulletins[0].published_on, codes(dated)) == (HARVEST, [])
    asked = reading(documents.mail().as_bytes(), asked_for=date(2026, 7, 5))
    assert (asked.bulletins[0].published_on, codes(asked)) == (None, [])


def test_of_a_mail_attached_to_a_mail_the_inner_date_counts_and_no_word_is_lost(reading: Read) -> None:
    outer = documents.mail("Dear all, see below.", date="Mon, 06 Jul 2026 10:00:00 +0000")
    outer.add_attachment(documents.mail())
    read = reading(outer.as_bytes())
    assert read.bulletins[0].published_on == HARVEST
    assert read.bulletins[0].title == documents.TITLE
    assert [at.text for at in read.placements if at.rule == "stands above a forwarded mail"] == ["Dear all, see below."]


@pytest.mark.parametrize(
    "headers",
    [
        "---------- Forwarded message ---------\nFrom: Ann <ann@example.org>\nDate: Fri, Jul 3, 2026 at 10:00 AM\n"
        "Subject: Prayers\nTo: <all@example.org>",
        "-----Original Message-----\nFrom: Ann\nSent: Friday, July 3, 2026 10:00 AM\nTo: all\nSubject: Prayers",
        "Begin forwarded message:\n\nFrom: Ann <ann@example.org>\nSubject: Prayers\nDate: 3 July 2026 at 10:00:12 BST\n"
        "To: all@example.org",
        "*From:* Ann\n*Sent:* 03 July 2026 10:00\n*To:* all\n*Subject:* Prayers",
    ],
)
@pytest.mark.parametrize("quoted", [False, True])
def test_of_a_mail_forwarded_in_a_text_the_inner_date_counts(headers: str, quoted: bool, reading: Read) -> None:
    text = "\n".join(f"> {line}" for line in documents.UNDATED_TEXT.split("\n")) if quoted else documents.UNDATED_TEXT
    mail = documents.mail(f"Hi Ben\n\n{headers}\n\n\n{text}", date="Mon, 06 Jul 2026 10:00:00 +0000")
    read = reading(mail.as_bytes())
    (bulletin,) = read.bulletins
    assert (bulletin.published_on, bulletin.title) == (HARVEST, documents.TITLE)
    assert points(bulletin)[Region.AFRICA_EUROPE] == [documents.AFRICA]
    header_lines = [line for line in headers.split("\n") if line]
    assert [at.text for at in read.placements][:1] == ["Hi Ben"]
    assert [at.text for at in read.placements if at.rule == "a forwarded mail's header"] == header_lines
    assert all(at.place is Place.NOTE for at in read.placements[: 1 + len(header_lines)])


def test_an_introduction_that_asks_for_prayer_is_not_set_aside(reading: Read) -> None:
    headers = "From: Ann\nDate: Fri, Jul 3, 2026 at 10:00 AM\nSubject: Prayers"
    mail = documents.mail(f"Pray for my mother, too.\n\n{headers}\n\n{documents.UNDATED_TEXT}")
    read = reading(mail.as_bytes())
    assert [left.text for left in read.unplaced] == ["Pray for my mother, too."]


def test_a_mail_with_only_a_page_or_a_stub_beside_it_is_read_from_the_page(reading: Read) -> None:
    message = documents.mail("See this mail in your browser.")
    message.add_alternative(documents.page(), subtype="html")
    (bulletin,) = reading(message.as_bytes()).bulletins
    assert points(bulletin)[Region.GLOBAL] == [documents.GLOBAL]


def test_what_is_attached_and_not_read_is_said(reading: Read) -> None:
    message = documents.mail(documents.TEXT)
    message.add_attachment(documents.pdf(), maintype="application", subtype="pdf", filename="more.pdf")
    read = reading(message.as_bytes())
    assert codes(read) == ["attachment-unread"]
    assert "more.pdf" in read.bulletins[0].warnings[0].message


def test_an_old_windows_program_s_text_is_read_with_a_warning(reading: Read) -> None:
    read = reading("Africa\nPray for Amélie’s case.\n".encode("cp1252"))
    assert points(read.bulletins[0])[Region.AFRICA_EUROPE] == ["Pray for Amélie’s case."]
    assert codes(read) == ["encoding-guessed"]


def test_a_bulletin_of_hand_gives_kinds_and_countries(reading: Read) -> None:
    read = reading(
        b"# ours\ntitle: Harvest\ndate: 2026-07-03\nverse:\n  text: The Lord is near.\n  reference: Psalm 145:18\n"
        b"requests:\n  Africa:\n    - Pray for Ghana.\n    - praise: For rest in Kenya.\n"
        b"  Global: |\n    # Pray for\n    all.\n"
    )
    (bulletin,) = read.bulletins
    assert (bulletin.title, bulletin.published_on) == ("Harvest", HARVEST)
    assert points(bulletin) == {
        Region.AFRICA_EUROPE: ["Pray for Ghana.", "For rest in Kenya."],
        Region.GLOBAL: ["# Pray for all."],
    }
    assert [point.kind for point in bulletin.requests[0].points] == [Kind.PRAYER, Kind.PRAISE]
    assert bulletin.requests[0].countries == ("GH", "KE")
    assert [at.place for at in read.placements] == [
        Place.NOTE, Place.TITLE, Place.DATE, Place.VERSE, Place.VERSE, Place.VERSE,
        Place.HEADING, Place.HEADING, Place.REQUEST, Place.REQUEST, Place.REQUEST, Place.REQUEST, Place.REQUEST,
    ]  # fmt: skip


def test_a_line_of_a_bulletin_of_hand_that_shows_nothing_has_no_place(reading: Read) -> None:
    read = reading("title: Harvest\n\ufeff\nrequests:\n  Africa: Pray for rain.\n".encode())
    assert [at.line for at in read.placements] == [1, 3, 4]
