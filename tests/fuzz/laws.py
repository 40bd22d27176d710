"""What holds for every input, however odd. A broken law is an AssertionError; whatever else is raised breaks one."""

from pathlib import Path
from tempfile import NamedTemporaryFile

from bot.loader.files import BulletinError, read_file
from bot.loader.formats import child, handwritten
from bot.loader.formats.extract import FormatError
from bot.loader.formats.recognising import Form
from bot.loader.lines import clean
from bot.loader.notes import note
from bot.loader.profile import Profile
from bot.loader.reading import Reading, lines_of, read
from bot.loader.sections import Place


def hold_for_text(text: str, profile: Profile, aside: dict[int, str] | None = None) -> None:
    """Read a text: no line is lost, reading again gives the same, and no note is a request unsaid."""
    reading = read(text, profile, aside=aside or {})
    _nothing_is_lost(text, reading, profile)
    assert read(text, profile, aside=aside or {}) == reading, "read differently the second time"
    for bulletin in reading.bulletins:
        points = (point.text for request in bulletin.requests for point in request.points)
        if any(note(point, profile) is not None for point in points):
            assert "note-in-request" in {warning.code for warning in bulletin.warnings}, "a note in a request, unsaid"


def hold_for_yaml(text: str, profile: Profile) -> None:
    """Read a bulletin by hand: it is one, or FormatError says in a line what is wrong."""
    try:
        reading = handwritten.read(text, profile)
    except FormatError as error:
        _is_a_sentence(str(error))
    else:
        assert [at.line for at in reading.placements] == [line.number for line in clean(text)], "lines are lost"


def hold_for_document(form: Form, content: bytes, profile: Profile) -> None:
    """Open a document in this process, and read what it says."""
    said = child.answer(form, content)
    fault, text, aside = said.get("fault"), said.get("text"), said.get("aside")
    if fault is not None:
        _is_a_sentence(str(fault))
        return
    assert isinstance(text, str)
    assert isinstance(aside, list)
    hold_for_text(text, profile, dict(aside))


def hold_for_file(content: bytes, suffix: str, profile: Profile) -> None:
    """Read a file as `vigil bulletin check` does, documents in a process of their own."""
    with NamedTemporaryFile(suffix=suffix) as file:
        file.write(content)
        file.flush()
        try:
            read_file(Path(file.name), profile)
        except BulletinError as error:
            _is_a_sentence(str(error))


def _nothing_is_lost(text: str, reading: Reading, profile: Profile) -> None:
    placed = [(at.line, at.text) for at in reading.placements]
    assert placed == [(line.number, line.text) for line in lines_of(text, profile)], "lines are lost"
    left = [(at.line, at.text) for at in reading.placements if at.place is Place.UNPLACED]
    assert [(line.line, line.text) for line in reading.unplaced] == left, "unplaced lines aren't told"


def _is_a_sentence(said: str) -> None:
    assert said.strip(), "an empty message"
    assert "Traceback" not in said, "a traceback"
    assert "\n" not in said, "a message of several lines"
