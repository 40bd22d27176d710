"""The campaign: every experiment of `faults.md`, in its order."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.faults.experiments import (
    claims,
    groups,
    kills,
    migrations,
    nodes,
    outages,
    random_acts,
    replies,
    secrets,
    storage,
    taking_back,
    taps,
    times,
)
from tests.faults.outcome import Outcome
from tests.faults.place import KINDS, POSTGRESQL, SQLITE, Place

Run = Callable[[int, int, Place], Awaitable[Outcome]]


@dataclass(frozen=True)
class Experiment:
    """One row of `faults.md`. `tries` is the full run's number, `few` the one of `make test`.

    What needs no database is run once, with the first kind.
    """

    number: int
    title: str
    run: Run
    tries: int
    few: int
    databases: tuple[str, ...] = KINDS


WITHOUT_DATABASE = (SQLITE,)

EXPERIMENTS = (
    Experiment(1, "killed at every point of a post's life", kills.killed_at_every_point, 20, 1),
    Experiment(2, "killed at random times over 30 days", kills.killed_at_random, 1000, 6),
    Experiment(3, "replies lost, taps in between", replies.lost_replies_and_taps, 10, 1),
    Experiment(4, "Telegram out for 30 minutes", outages.out_for_half_an_hour, 48, 3),
    Experiment(5, "broken replies", replies.broken_replies, 140, 6),
    Experiment(6, "asked for patience", outages.asked_for_patience, 120, 4),
    Experiment(7, "replies and requests late by two minutes", replies.late_by_two_minutes, 36, 3),
    Experiment(8, "the disk full, the database read-only", storage.takes_nothing, 60, 3),
    Experiment(9, "PostgreSQL crashes", storage.postgresql_crashes, 200, 2, (POSTGRESQL,)),
    Experiment(10, "three nodes, the holder killed or frozen", nodes.several_nodes, 48, 3, (POSTGRESQL,)),
    Experiment(11, "eight processes claim the same posts", claims.raced_for, 10_000, 200),
    Experiment(12, "the clock jumps, the machine sleeps", times.jumping_clock, 100, 3),
    Experiment(13, "every zone's gaps and overlaps", times.every_zone, 1000, 60, WITHOUT_DATABASE),
    Experiment(14, "times changed around posting", times.changed_around_posting, 5000, 20),
    Experiment(15, "down for 1 minute to 10 days", times.down_for_days, 100, 3),
    Experiment(16, "retracted at every point, and in 500 groups", taking_back.retracted, 50, 3),
    Experiment(17, "put away after days down", taking_back.put_away, 20, 1),
    Experiment(18, "groups upgraded, made public, closed to the bot", groups.changed_groups, 189, 8),
    Experiment(19, "a crowd taps, with kills", taps.crowds, 10_000, 200),
    Experiment(20, "updates repeated, reversed, forged", taps.strange_updates, 10_000, 200),
    Experiment(22, "token, key and text searched for", secrets.searched_for, 72, 6),
    Experiment(23, "random acts of everybody", random_acts.random_acts, 50_000, 200),
    Experiment(24, "a migration killed at every step", migrations.killed_migrations, 1, 40),
)
