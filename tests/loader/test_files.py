from pathlib import Path

import pytest

from bot.loader import files
from bot.loader.files import BulletinError, read_file, text_of
from bot.loader.profile import Profile


def test_a_file_is_read(tmp_path: Path, profile: Profile) -> None:
    path = tmp_path / "week.txt"
    path.write_bytes("\ufeffAfrica\r\nPray for rain.".encode())
    (bulletin,) = read_file(path, profile).bulletins
    assert bulletin.requests[0].points[0].text == "Pray for rain."


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b" \r\n\t\n", "is empty"),
        (b"Africa\n\xff\xfe", r"isn't UTF-8 text \(line 2\)"),
        (b"Africa\0\0", "isn't text"),
        (b"Dear friends, spring has come.", "no requests found"),
        (b"News of May. AFRICA: Pray for rain. SOUTH ASIA: Pray.", "In line 1 a heading stands among other text"),
    ],
)
def test_what_is_no_bulletin_gets_one_clear_sentence(
    content: bytes, sentence: str, tmp_path: Path, profile: Profile
) -> None:
    path = tmp_path / "week.txt"
    path.write_bytes(content)
    with pytest.raises(BulletinError, match=rf"week\.txt.*{sentence}") as caught:
        read_file(path, profile)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(BulletinError, match=r"none\.txt: no such file"):
        text_of(tmp_path / "none.txt")
    with pytest.raises(BulletinError, match="is a folder"):
        text_of(tmp_path)


def test_a_file_over_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST", 2**20)
    path = tmp_path / "large.txt"
    lines = (b"a" * 127 + b"\n") * 2**13
    path.write_bytes(lines + b"a")
    with pytest.raises(BulletinError, match="larger than 1 MB"):
        text_of(path)
    path.write_bytes(lines)
    assert len(text_of(path)) == 2**20


@pytest.mark.parametrize("line", ["Africa\n", "a\n", "“The Lord\n", "-\n"])
def test_a_mass_of_short_lines_is_refused_before_time_is_spent_on_it(
    line: str, tmp_path: Path, profile: Profile
) -> None:
    path = tmp_path / "lines.txt"
    path.write_text(line * (2**20 // len(line)))
    with pytest.raises(BulletinError, match=r"lines\.txt has \d+ lines, far shorter"):
        read_file(path, profile)


@pytest.mark.parametrize("line", ["Pray for rain. ", "a", "“", "&amp;"])
def test_a_line_without_end_is_refused(line: str, tmp_path: Path, profile: Profile) -> None:
    path = tmp_path / "line.txt"
    path.write_text("Africa\n" + line * 2**20)
    with pytest.raises(BulletinError, match=r"line\.txt has \d+ characters in line 2, far more"):
        read_file(path, profile)


def test_a_long_paragraph_is_read(tmp_path: Path, profile: Profile) -> None:
    path = tmp_path / "long.txt"
    path.write_text("Africa\n" + "Pray for rain. " * 4000)
    (bulletin,) = read_file(path, profile).bulletins
    assert len(bulletin.requests[0].points[0].text) > 59_000


def test_a_small_text_may_have_lines_of_any_length(tmp_path: Path, profile: Profile) -> None:
    path = tmp_path / "lines.txt"
    path.write_text("Africa\n" + "•\nPray.\n" * 900)
    (bulletin,) = read_file(path, profile).bulletins
    assert len(bulletin.requests[0].points) == 900


@pytest.mark.parametrize("line", ["“The Lord is near to all\n", "# Pray with us for the long valley and its judges\n"])
def test_a_long_text_without_a_heading_is_refused_before_time_is_spent_on_it(
    line: str, tmp_path: Path, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "long.txt"
    text = (line * 3).replace("\n", " ") + "\n"
    long = text * (files.LONG // len(text) + 1)
    path.write_text(f"{long}\nAfrica\n\nPray for rain.")
    assert read_file(path, profile).bulletins[0].requests[-1].points[-1].text == "Pray for rain."
    path.write_text(long)
    monkeypatch.delattr(files, "read")
    with pytest.raises(BulletinError, match="no requests found"):
        read_file(path, profile)
