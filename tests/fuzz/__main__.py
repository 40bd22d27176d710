"""`make fuzz`: mutate for some minutes, and print every input that breaks a law.

Each input is made from the seed and its number alone, so that `--seed S --only N` makes it again.
"""

import argparse
import logging
import resource
import sys
import warnings
from time import monotonic

from bot.loader.profile import load_profile
from tests.fuzz.fuzzer import Fuzzer, Tally
from tests.fuzz.seeds import ROOT, seeds

MEMORY = 2**30  # bytes of address space, for documents that would grow without end
FOUND = ROOT / "var" / "fuzz"


def main() -> None:
    """Exit status 0: no law was broken; 1: findings, each printed and its input kept in var/fuzz."""
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, metavar="NUMBER", help="make this one input again")
    given = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    logging.disable()
    warnings.simplefilter("ignore")
    tally = Tally()
    until = monotonic() + 60 * given.minutes
    number = given.only or 0
    fuzzer = Fuzzer(seeds(), load_profile(ROOT / "config" / "bulletins" / "ijm.yaml"), given.seed, FOUND)
    while monotonic() < until:
        fuzzer.run(number, tally)
        number += 1
        if given.only is not None:
            break
    said = ", ".join(f"{count} {sort}" for sort, count in sorted(tally.done.items()))
    seconds, slow, sort = tally.slowest
    sys.stdout.write(f"Seed {given.seed}: {tally.done.total()} inputs ({said}), {len(tally.findings)} findings.\n")
    sys.stdout.write(f"The slowest: number {slow} ({sort}), {seconds:.2f} s of processor time.\n")
    sys.exit(1 if tally.findings else 0)


if __name__ == "__main__":
    main()
