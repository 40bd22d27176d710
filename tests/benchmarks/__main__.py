"""`make bench`: how long reading takes, as a ratio to what Python needs to cut and fold the same text's words.

The rival runs right before and after each reading, in this process, so that a busy machine slows both alike.
"""

import resource
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time

from bot.loader.files import BulletinError, read_file
from bot.loader.profile import Profile, load_profile

ROOT = Path(__file__).resolve().parents[2]
MB = 2**20
ARCHIVE = (ROOT / "data" / "bulletins" / "archive.txt").read_text(encoding="utf-8")
TEXTS: dict[str, Callable[[int], str]] = {
    "an archive of 17 KB": lambda _: _filled(ARCHIVE, 17 * 1024),
    "archives": lambda size: _filled(ARCHIVE, size),
    "one line": lambda size: _filled("Pray for rain. ", size),
    "headings": lambda size: _filled("Africa\n", size),
    "unbalanced quotes": lambda size: _filled("“The Lord is near to all\n", size),
    "long unbalanced quotes": lambda size: _filled(f"“{'The Lord is near to all ' * 4}\n", size),
    "short lines": lambda size: _filled("a\n", size),
    "blank lines": lambda size: _filled("\n", size),
}


def main() -> None:
    """Print a line for each text and size: seconds, the ratio to the rival, and what came of it."""
    profile = load_profile(ROOT / "config" / "bulletins" / "ijm.yaml")
    sizes = [MB, 10 * MB]
    sys.stdout.write(f"{'text':<24}{'MB':>7}{'seconds':>9}{'ratio':>8}  answer\n")
    with tempfile.TemporaryDirectory() as folder:
        for name, text_of in TEXTS.items():
            for size in sizes[: 1 if "17 KB" in name else None]:
                sys.stdout.write(_row(name, text_of(size), Path(folder) / "text.txt", profile))
                sys.stdout.flush()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(f"Most memory at any time: {peak} MB\n")


def _row(name: str, text: str, path: Path, profile: Profile) -> str:
    path.write_text(text, encoding="utf-8")
    before = _seconds(lambda: _rival(text))
    answers: list[str] = []
    taken = _seconds(lambda: answers.append(_answer(path, profile)))
    rival = (before + _seconds(lambda: _rival(text))) / 2
    return f"{name:<24}{len(text) / MB:>7.2f}{taken:>9.3f}{taken / rival:>8.1f}  {answers[0]}\n"


def _answer(path: Path, profile: Profile) -> str:
    try:
        reading = read_file(path, profile)
    except BulletinError as error:
        return str(error).removeprefix(str(path)).lstrip(": ")[:60]
    return f"{len(reading.bulletins)} bulletins, {len(reading.unplaced)} lines unplaced"


def _rival(text: str) -> int:
    return sum(len(word.casefold()) for word in text.split())


def _seconds(do: Callable[[], object]) -> float:
    start = process_time()
    do()
    return max(process_time() - start, 1e-6)


def _filled(piece: str, size: int) -> str:
    return piece * (size // len(piece) + 1)


if __name__ == "__main__":
    main()
