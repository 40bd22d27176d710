"""Documents that mean harm, or are broken, get one clear sentence and harm nothing."""

import io
import os
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.loader.files import BulletinError, read_file
from bot.loader.formats import caged
from bot.loader.formats.extract import FormatError
from bot.loader.formats.recognising import Form
from bot.loader.profile import Profile
from tests.loader.formats import documents

BILLION_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {two} "{f"&{one};" * 10}">' for one, two in zip("abcdefghi", "bcdefghij", strict=True))
    + "]><d>&j;</d>"
)


def deep_mail(levels: int) -> bytes:
    return b"MIME-Version: 1.0\n" + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level) for level in range(levels)
    )


def stream_bomb() -> bytes:
    """A PDF whose page is half a gigabyte of blanks in a few megabytes."""
    squeezer = zlib.compressobj(1)
    squeezed = b"".join(squeezer.compress(b" " * 2**20) for _ in range(512)) + squeezer.flush()
    page = documents.pdf([[]])
    start, end = page.index(b"<< /Length"), page.index(b"endstream")
    bomb = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\n" % (len(squeezed), squeezed)
    return page[:start] + bomb + page[end:]


ATTACKS = {
    "a zip bomb": (documents.word(more={"word/more.xml": b" " * 20_000_000}), "expands to more than 16 MB"),
    "many parts": (documents.word(more={f"word/{at}.png": b"" for at in range(2001)}), "expands to more than"),
    "billion laughs": (documents.word(more={"word/document.xml": BILLION_LAUGHS}), "defines no document type"),
    "deep XML": (documents.word("<w:p>" * 50_000 + "</w:p>" * 50_000), "nested too deeply"),
    "another archive": (documents.archive({"mimetype": "text"}), "is a zip archive, but no Word file"),
    "half a Word file": (documents.word()[:400], "is broken: it can't be read as a Word file"),
    "an old Word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "an old Word file, or one with a password"),
    "RTF": (b"{\\rtf1 Africa}", "is an RTF file"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "is a picture"),
    "a PDF with a password": (documents.pdf(encrypted=True), "has a password"),
    "a PDF without text": (documents.pdf([[]]), "holds no text"),
    "half a PDF": (documents.pdf()[:300], "is broken|holds no text"),
    "a PDF of nothing": (b"%PDF-1.7\n", "is broken: it can't be read as a PDF"),
    "a PDF of many pages": (documents.pdf([["Pray."]] * 201), "has more than 200 pages"),
    "a PDF's stream bomb": (stream_bomb(), "needs more than 256 MB|takes longer than 5 seconds|is broken"),
    "deep HTML": (b"<html>" + b"<div>" * 200_000, "nested deeper than 256"),
    "a deep mail": (deep_mail(60), "nested deeper than 20"),
    "a very deep mail": (deep_mail(3000), "more than 100 parts in parts"),
    "a mail without text": (documents.mail("").as_bytes(), "is a mail without text"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_gets_one_sentence(name: str, tmp_path: Path, profile: Profile) -> None:
    content, sentence = ATTACKS[name]
    path = tmp_path / "document"
    path.write_bytes(content)
    with pytest.raises(BulletinError, match=rf"^{path} .*(?:{sentence})") as caught:
        read_file(path, profile)
    assert "\n" not in str(caught.value)


def test_a_picture_of_text_is_told_from_an_empty_pdf(tmp_path: Path, profile: Profile) -> None:
    page = documents.pdf([[]])
    image = b"q 200 0 0 200 50 500 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x7f EI Q"
    start, end = page.index(b"<< /Length"), page.index(b"endstream")
    path = tmp_path / "scan.pdf"
    path.write_bytes(page[:start] + b"<< /Length %d >>\nstream\n%s\n" % (len(image), image) + page[end:])
    with pytest.raises(BulletinError, match="holds only pictures of text"):
        read_file(path, profile)


RINGS = {(2,): documents.PARAGRAPHS[0][:9], (2, 3): "holds no text", (3, 4, 2): "holds no text"}


@pytest.mark.parametrize(("ring", "said"), RINGS.items())
def test_a_pdf_whose_objects_are_a_ring_of_references_is_read_to_its_end(ring: Sequence[int], said: str) -> None:
    content = documents.pdf()
    for number, leads_to in zip(ring, (*ring[1:], ring[0]), strict=True):
        start = content.index(b"\n%d 0 obj" % number)
        end = content.index(b"endobj", start)
        reference = b"\n%d 0 obj %d 0 R " % (number, leads_to)
        content = content[:start] + reference.ljust(end - start) + content[end:]
    try:
        assert said in caged.extract(Form.PDF, content).text
    except FormatError as error:
        assert said in str(error)


@pytest.mark.parametrize("name", ["week.pdf", "week.docx"])
def test_a_name_that_promises_something_else_is_a_broken_file(name: str, tmp_path: Path, profile: Profile) -> None:
    path = tmp_path / name
    path.write_text(documents.TEXT)
    with pytest.raises(BulletinError, match="is broken: it isn't what"):
        read_file(path, profile)


def test_time_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caged, "SECONDS", 0.001)
    with pytest.raises(FormatError, match="takes longer than 5 seconds"):
        caged.extract(Form.HTML, b"<p>Africa")


def test_a_process_that_dies_is_a_broken_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(FormatError, match="is broken: it can't be opened"):
        caged.extract(Form.HTML, b"<p>Africa")


def test_the_process_gets_no_secret_and_its_limits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asking = tmp_path / "python"
    asking.write_text('#!/bin/sh\nprintf \'{"fault": "%s"}\' "$(env | cut -d= -f1 | sort | tr "\\n" " ")"\n')
    asking.chmod(0o700)
    monkeypatch.setenv("TELEGRAM_TOKEN", "123:secret")
    monkeypatch.setattr(sys, "executable", str(asking))
    with pytest.raises(FormatError) as caught:
        caged.extract(Form.HTML, b"<p>Africa")
    assert set(str(caught.value).split()) - {"PWD", "_", "SHLVL", "OLDPWD"} == {
        "PYTHONPATH",
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONUTF8",
    }
    assert os.environ["TELEGRAM_TOKEN"] == "123:secret"


YAML_FAULTS: dict[str, tuple[str, list[str]]] = {
    "an alias bomb": (
        "a: &a [x, x]\n" + "".join(f"{two}: &{two} [*{one}, *{one}]\n" for one, two in ("ab", "bc")),
        ["has an alias (*a, line 2)"],
    ),
    "deep": ("requests: " + "[" * 100_000, ["is nested too deeply (line 1)"]),
    "large": ("requests:\n" + "# \n" * 200_000, ["is larger than 128 KB"]),
    "no YAML": ("requests:\n\t- x\n", ["isn't right as YAML in line 2"]),
    "a list": ("- Africa\n", ["the file: must have names with a colon"]),
    "everything": (
        "title: [a]\ndate: 2026-02-30\nverse: {text: Love., where: x}\nhymn: no\ntitle: b\n"
        "requests:\n  Mars:\n    - Pray.\n  Africa:\n    - Pray for Ann: she waits.\n    - ''\n"
        "  Europe:\n    - Pray.\n",
        [
            "line 1, title: must be text",
            "line 2, date: must be a day that exists, as YYYY-MM-DD",
            'line 3, verse: "where" isn\'t known; allowed: text, reference',
            "verse: reference is missing",
            'line 4, the file: "hymn" isn\'t known',
            'line 5, the file: "title" stands twice',
            'line 7, requests: "Mars" is no region',
            '"Pray for Ann" isn\'t known; allowed: prayer, praise, mixed',
            "line 11, Africa, point: is empty",
            "line 12, requests: Africa & Europe stands twice",
        ],
    ),
    "no requests": ("title: Harvest\n", ["requests: is missing"]),
    "empty requests": ("requests:\n", ["requests: must have regions"]),
    "a region without points": ("requests:\n  Africa: []\n", ["line 2, Africa: has no points"]),
}


@pytest.mark.parametrize("name", YAML_FAULTS)
def test_every_fault_of_a_bulletin_written_by_hand_is_named(name: str, tmp_path: Path, profile: Profile) -> None:
    content, sentences = YAML_FAULTS[name]
    path = tmp_path / "hand.yaml"
    path.write_text(content)
    with pytest.raises(BulletinError) as caught:
        read_file(path, profile)
    for sentence in sentences:
        assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_zip_that_lies_about_its_size_is_broken(tmp_path: Path, profile: Profile) -> None:
    honest = documents.word(more={"word/more.xml": b" " * 20_000_000})
    size = (20_000_000).to_bytes(4, "little")
    path = tmp_path / "lie.docx"
    path.write_bytes(io.BytesIO(honest.replace(size, (1000).to_bytes(4, "little"))).getvalue())
    with pytest.raises(BulletinError, match="is broken"):
        read_file(path, profile)
