"""`vigil demo`, as people start it."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli.demo import SAMPLE
from bot.demo.script import PLACES

# Only ends a test that would hang; the demo itself has shorter bounds.
PATIENCE_SECONDS = 500
# Or as long as it took to start, where this machine is so slow or busy that this is longer.
STOP_SECONDS = 2
# None of it may matter to the demo.
STRANGE = {
    "TELEGRAM_TOKEN": "not a token",
    "DATABASE_URL": "mysql://nowhere",
    "VIGIL_KEY": "too short",
    "VIGIL_CONFIG": "/nowhere/vigil.yaml",
    "VIGIL_POSTING__LATE_HOURS": "never",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "ALL_PROXY": "http://127.0.0.1:9",
    "PYTHONWARNINGS": "error",
    "COLUMNS": "80",
}


def demo(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "bot", "demo", *map(str, arguments)]
    environment = {**os.environ, **STRANGE}
    return subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, env=environment, check=False
    )


def test_a_week_goes_well_and_ends_with_its_table() -> None:
    done = demo("--once", "--fast")
    assert (done.returncode, done.stderr) == (0, "")
    assert all(place.name in done.stdout for place in PLACES)
    assert "│ Mon 09 Mar │ Africa & Europe │ 07:00  🙏 1 │ 06:30  🙏 2 │ 05:45  🙏 2 │" in done.stdout
    assert done.stdout.count("│ 07:00  🙏") == 5
    assert "All 15 posts came once" in done.stdout
    assert "Your prayer is counted already." in done.stdout
    assert re.search(r"taps “Show Global”\n +Vigil: Global · ", done.stdout)
    assert all(len(line) <= 80 for line in done.stdout.splitlines())


@pytest.mark.parametrize(
    ("sample", "says"),
    [
        ("church", "It has no verse of its own"),  # and a single region, spread over the days
        ("long", "in 2 messages"),
        ("archive", "All 45 posts came once"),
    ],
)
def test_other_forms_play(sample: str, says: str) -> None:
    done = demo("--once", "--fast", "--bulletin", SAMPLE.with_stem(sample))
    assert (done.returncode, done.stderr) == (0, "")
    assert says in done.stdout


@pytest.mark.parametrize("number", range(5))
def test_the_real_texts_play(bulletins: Path, number: int) -> None:
    """None of their words may come into an assertion's message."""
    done = demo("--once", "--fast", "--bulletin", sorted(bulletins.glob("*.txt"))[number])
    assert done.returncode == 0
    assert not done.stderr


def test_an_undated_bulletin_takes_the_week_of_the_date_given() -> None:
    done = demo("--once", "--fast", "--date", "2027-12-29", "--bulletin", SAMPLE)
    assert (done.returncode, done.stderr) == (0, "")
    assert "│ Thu 30 Dec │" in done.stdout
    assert "│ Wed 05 Jan │" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (["--bulletin", "nowhere.txt"], 1, "nowhere.txt: no such file"),
        (["--bulletin", "pyproject.toml"], 1, "no requests found"),
        (["--date", "tomorrow"], 2, "tomorrow"),
        (["--date", "9999-12-31"], 2, "1972 to 2100"),
        (["--bulletin", "{undecodable}"], 1, "no requests found"),
    ],
)
def test_wrong_input_gets_a_sentence(arguments: list[str], status: int, sentence: str, tmp_path: Path) -> None:
    undecodable = tmp_path / "latin.txt"
    undecodable.write_bytes(b"Pray for M\xe9rida\n")
    done = demo("--once", "--fast", *(argument.format(undecodable=undecodable) for argument in arguments))
    assert done.returncode == status
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert not done.stdout


@pytest.fixture
def endless() -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "bot", "demo", "--fast"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        yield running
        running.kill()


@pytest.mark.parametrize(
    ("number", "line"),
    [
        (signal.SIGINT, "Three private groups"),
        (signal.SIGINT, "Monday"),
        (signal.SIGTERM, "Tuesday"),
        (signal.SIGINT, "All 15 posts"),
    ],
)
def test_it_ends_when_it_is_told_to(endless: "subprocess.Popen[str]", number: signal.Signals, line: str) -> None:
    began = time.monotonic()
    assert endless.stdout is not None
    assert endless.stdout.readline()
    starting = time.monotonic() - began
    assert any(each.startswith(line) for each in iter(endless.stdout.readline, ""))
    endless.send_signal(number)
    said, complaints = endless.communicate(timeout=max(STOP_SECONDS, starting))
    assert (endless.returncode, complaints) == (0, "")
    assert "Stopped." in said
