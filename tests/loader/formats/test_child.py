"""What the process that opens documents answers, asked in this one: without its limits, and counted by coverage."""

import io
import json
import logging
import resource
import sys
import warnings

import pytest

from bot.loader.formats import caged, child, html
from bot.loader.formats.extract import Extract, FormatError
from bot.loader.formats.recognising import Form
from tests.loader.formats import documents

DOCUMENTS = {
    "a web page": (Form.HTML, documents.page().encode()),
    "a page that says its encoding": (Form.HTML, b"<meta charset=latin1><p>caf\xe9<br>two<li>three"),
    "a page in UTF-16": (Form.HTML, "<p>Pray</p>".encode("utf-16")),
    "a page nested too deeply": (Form.HTML, b"<div>" * 1000),
    "a mail": (Form.MAIL, documents.mail().as_bytes()),
    "a mail without text": (Form.MAIL, b"From: a\nDate: b\nSubject: c\n\n"),
    "a mail forwarded in the text": (
        Form.MAIL,
        documents.mail(
            "See below.\n\n---- Forwarded message ----\nFrom: A\nDate: July 3, 2026\nTo: B\n\n> Africa\n> Pray."
        ).as_bytes(),
    ),
    "a Word file": (Form.WORD, documents.word()),
    "an archive that is no Word file": (Form.WORD, documents.archive({"a.txt": "a"})),
    "a broken Word file": (Form.WORD, b"PK\x03\x04"),
    "a PDF": (Form.PDF, documents.pdf()),
    "a PDF with a password": (Form.PDF, documents.pdf(encrypted=True)),
    "an empty PDF": (Form.PDF, documents.pdf([[]])),
    "a broken PDF": (Form.PDF, b"%PDF-1.4"),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_process_answers_what_its_reader_says(name: str) -> None:
    form, content = DOCUMENTS[name]
    said = child.answer(form, content)
    try:
        caged_answer = caged.extract(form, content)
    except FormatError as error:
        assert said == {"fault": str(error)}
    else:
        assert said["text"] == caged_answer.text
        assert said["aside"] == list(caged_answer.aside.items())
        assert said["sent_on"] == (caged_answer.sent_on.isoformat() if caged_answer.sent_on else None)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (FormatError("is odd."), "is odd."),
        (MemoryError(), "needs more than 256 MB"),
        (RecursionError(), "is nested too deeply"),
        (ZeroDivisionError(), "is broken: it can't be read as a web page"),
    ],
)
def test_whatever_a_library_raises_is_a_sentence(
    error: Exception, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_content: bytes) -> Extract:
        raise error

    monkeypatch.setattr(html, "extract", fail)
    assert str(child.answer(Form.HTML, b"<p>")["fault"]).startswith(sentence)


def test_more_text_than_any_file_may_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "LONGEST", 3)
    assert "of text. Split it" in str(child.answer(Form.HTML, b"<p>four")["fault"])
    assert child.answer(Form.HTML, b"<p>two")["text"] == "two"


def test_the_limits_are_taken_before_anything_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []
    written = io.StringIO()

    class Unread(io.TextIOWrapper):
        @property
        def buffer(self) -> io.BytesIO:
            assert len(taken) == 4
            return io.BytesIO(b"<p>Pray.")

    monkeypatch.setattr(resource, "setrlimit", lambda limit, _to: taken.append(limit))
    monkeypatch.setattr(warnings, "simplefilter", lambda _action: None)
    monkeypatch.setattr(logging, "disable", lambda: None)
    monkeypatch.setattr(sys, "argv", ["child", "html"])
    monkeypatch.setattr(sys, "stdin", Unread(io.BytesIO()))
    monkeypatch.setattr(sys, "stdout", written)
    child.main()
    assert json.loads(written.getvalue())["text"] == "Pray."
