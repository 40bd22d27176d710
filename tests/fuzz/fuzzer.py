"""Makes inputs, each from the seed and its number alone, and holds them against the laws."""

import contextlib
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import process_time

from bot.loader.formats.recognising import Form
from bot.loader.profile import Profile
from tests.fuzz import laws
from tests.fuzz.mutating import mutated_archive, mutated_bytes, mutated_text
from tests.fuzz.seeds import Seeds

HANGING_SECONDS = 30  # of the clock: far beyond what any machine needs for an input of 60 KB
SUFFIXES = {Form.HTML: ".html", Form.MAIL: ".eml", Form.WORD: ".docx", Form.PDF: ".pdf"}


class HangingError(BaseException):
    """An input took longer than HANGING_SECONDS. Nothing that looks for faults of a library may catch it."""


@dataclass(frozen=True)
class Trial:
    """One input: of which sort, its bytes, and what holds it against the laws."""

    sort: str
    content: bytes
    hold: Callable[[], None]


@dataclass
class Tally:
    """What was done and found. `slowest`: seconds of processor time for an input, its number and sort."""

    done: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)
    slowest: tuple[float, int, str] = (0.0, 0, "")


class Fuzzer:
    """Makes inputs by number and holds them against the laws."""

    def __init__(self, given: Seeds, profile: Profile, seed: int, found: Path) -> None:
        self._given, self._profile, self._seed, self._found = given, profile, seed, found

    def run(self, number: int, tally: Tally) -> None:
        """Try the input of a number, and write down what came of it."""
        trial = self.trial(number)
        began = process_time()
        try:
            with _no_longer_than(HANGING_SECONDS):
                trial.hold()
        except (Exception, HangingError) as error:  # noqa: BLE001 (whatever is raised is what is looked for)
            kept = self._found / f"{self._seed}-{number}.bin"
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(trial.content)
            tally.findings.append(f"{number} ({trial.sort}): {type(error).__name__}: {str(error)[:200]}")
            sys.stdout.write(f"FINDING {tally.findings[-1]}\n  kept as {kept}\n")
        tally.done[trial.sort] += 1
        tally.slowest = max(tally.slowest, (process_time() - began, number, trial.sort))

    def trial(self, number: int) -> Trial:
        """Make the input of a number: six in ten are texts, one in a hundred goes the whole way of a file."""
        chance = Random(f"{self._seed}:{number}")
        if chance.random() < 0.6:
            text = mutated_text(chance.choice(self._given.texts), self._given.texts, chance)
            return Trial("text", text.encode(), lambda: laws.hold_for_text(text, self._profile))
        form, seed = chance.choice(self._given.documents)
        if form is Form.YAML:
            by_hand = mutated_text(seed.decode(), self._given.texts, chance)
            return Trial("yaml", by_hand.encode(), lambda: laws.hold_for_yaml(by_hand, self._profile))
        in_parts = form is Form.WORD and chance.random() < 0.9
        content = mutated_archive(seed, chance) if in_parts else mutated_bytes(seed, chance)
        if chance.random() < 0.025:
            return Trial("file", content, lambda: laws.hold_for_file(content, SUFFIXES[form], self._profile))
        return Trial(form.value, content, lambda: laws.hold_for_document(form, content, self._profile))


@contextlib.contextmanager
def _no_longer_than(seconds: int) -> Iterator[None]:
    def stop(_number: int, _frame: object) -> None:
        raise HangingError(f"longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
