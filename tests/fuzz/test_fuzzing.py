"""The fuzzer finds what is wrong, makes the same inputs again, and finds nothing in its first inputs."""

from pathlib import Path

import pytest

from bot.loader.profile import load_profile
from bot.loader.reading import Reading, read
from tests.fuzz import laws
from tests.fuzz.fuzzer import Fuzzer, Tally
from tests.fuzz.seeds import ROOT, seeds


@pytest.fixture
def fuzzer(tmp_path: Path) -> Fuzzer:
    return Fuzzer(seeds(), load_profile(ROOT / "config" / "bulletins" / "ijm.yaml"), seed=7, found=tmp_path)


@pytest.mark.no_cover
def test_the_first_inputs_break_no_law(fuzzer: Fuzzer) -> None:
    tally = Tally()
    for number in range(200):
        fuzzer.run(number, tally)
    assert tally.findings == []
    assert set(tally.done) >= {"text", "yaml", "html", "mail", "word", "pdf"}


def test_an_input_is_made_again_from_its_number(fuzzer: Fuzzer) -> None:
    made = [fuzzer.trial(number).content for number in range(30)]
    assert [fuzzer.trial(number).content for number in range(30)] == made
    assert len(set(made)) == 30


def test_a_lost_line_is_a_finding(fuzzer: Fuzzer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def losing(text: str, *given: object, **named: object) -> Reading:
        reading = read(text, *given, **named)  # type: ignore[arg-type]
        return Reading(reading.bulletins, reading.unplaced, reading.placements[:-1])

    monkeypatch.setattr(laws, "read", losing)
    tally = Tally()
    number = next(number for number in range(30) if fuzzer.trial(number).sort == "text")
    fuzzer.run(number, tally)
    assert [finding.partition(": ")[2] for finding in tally.findings] == ["AssertionError: lines are lost"]
    assert (tmp_path / f"7-{number}.bin").read_bytes() == fuzzer.trial(number).content


def test_what_is_raised_is_a_finding(fuzzer: Fuzzer, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_given: object, **_named: object) -> Reading:
        raise IndexError("out of range")

    monkeypatch.setattr(laws, "read", failing)
    tally = Tally()
    for number in range(10):
        fuzzer.run(number, tally)
    assert any("IndexError: out of range" in finding for finding in tally.findings)
