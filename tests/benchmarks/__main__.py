"""`make bench`: how long reading takes, as seconds and as a ratio to a rival; what memory; whether time is linear.

The rival is what Python needs to cut and fold the same text's words. It runs right before and after each reading, in
this process, so that a busy machine slows both alike. Seconds are of processor time, the least and the most.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time

from bot.loader.files import BulletinError, read_file
from bot.loader.profile import Profile, load_profile
from tests.benchmarks.texts import HOSTILE, MB, ROOT, archive

RUNS = 3
WARM_RUNS = 30


def main() -> None:
    """Print archives of growing size, then a megabyte of what is no bulletin, read here and by the command."""
    profile = load_profile(ROOT / "config" / "bulletins" / "ijm.yaml")
    with tempfile.TemporaryDirectory() as folder:
        _archives(Path(folder), profile)
        _say(f"\n{'1 MB of':<28}{'seconds':>15}{'rival':>8}{'the command':>15}{'memory':>8}  answer")
        for name, text_of in HOSTILE.items():
            path = Path(folder) / name
            path.write_text(text_of(MB), encoding="utf-8")
            least, most, ratio = _measured(path, profile, RUNS)
            commands = [_command(path) for _ in range(RUNS)]
            seconds = _spread(min(taken for taken, _ in commands), max(taken for taken, _ in commands))
            memory = f"{max(used for _, used in commands)} MB"
            _say(
                f"{name:<28}{_spread(least, most):>15}{ratio:>7.1f}x{seconds:>15}{memory:>8}  {_answer(path, profile)}"
            )


def _archives(folder: Path, profile: Profile) -> None:
    _say(f"{'archives of':<28}{'seconds':>15}{'rival':>8}{'MB/s':>15}")
    least_of: dict[float, float] = {}
    for size, runs in ((17 / 1024, WARM_RUNS), (0.1, WARM_RUNS), (1.0, RUNS), (10.0, RUNS)):
        path = folder / "archive.txt"
        path.write_text(archive(int(size * MB)), encoding="utf-8")
        least, most, ratio = _measured(path, profile, runs)
        least_of[size] = least
        name = f"{size:g} MB" if size >= 0.1 else "17 KB"
        _say(f"{name:<28}{_spread(least, most):>15}{ratio:>7.1f}x{size / least:>15.1f}")
    _say(f"10 MB take {least_of[10.0] / least_of[1.0]:.1f} times what 1 MB takes.")


def _measured(path: Path, profile: Profile, runs: int) -> tuple[float, float, float]:
    """Return the least and the most seconds of several readings, and the least as a multiple of the rival's."""
    text = path.read_text(encoding="utf-8")
    rivals, readings = [_seconds(lambda: _rival(text))], []
    for _ in range(runs):
        readings.append(_seconds(lambda: _answer(path, profile)))
        rivals.append(_seconds(lambda: _rival(text)))
    return min(readings), max(readings), min(readings) / min(rivals)


# A process is charged with the memory of the one that started it, so that a small one stands between.
_MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


def _command(path: Path) -> tuple[float, int]:
    """Run `vigil bulletin check`; seconds of processor time with those it started, and the most memory in MB."""
    command = [sys.executable, "-c", _MEASURED, sys.executable, "-m", "bot", "bulletin", "check", str(path)]
    seconds, memory = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True).stdout.split()
    return float(seconds), int(memory) // 1024


def _answer(path: Path, profile: Profile) -> str:
    try:
        reading = read_file(path, profile)
    except BulletinError as error:
        return str(error).removeprefix(str(path)).lstrip(": ")[:60]
    warnings = sum(len(bulletin.warnings) for bulletin in reading.bulletins)
    return f"{len(reading.bulletins)} bulletins, {len(reading.unplaced)} lines unplaced, {warnings} warnings"


def _rival(text: str) -> int:
    return sum(len(word.casefold()) for word in text.split())


def _seconds(do: Callable[[], object]) -> float:
    """Return the seconds of processor time that something takes, here and in the processes it starts."""
    began, before = process_time(), os.times()
    do()
    after = os.times()
    started = after.children_user - before.children_user + after.children_system - before.children_system
    return max(process_time() - began + started, 1e-6)


def _spread(least: float, most: float) -> str:
    return f"{least:.3f}-{most:.3f}"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
