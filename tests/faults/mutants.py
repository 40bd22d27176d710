"""Guards of the bot, broken on purpose: the campaign must notice each. A mutant is a patch in the bot's own process."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.services import admission
from bot.services.rendering import Rendering
from bot.store.bulletins import StoredRequest
from bot.store.lease import Lease, LeaseLostError


def no_private_check() -> None:
    """Nobody asks who can see the chat."""
    admission.why_not_private = lambda chat: None  # type: ignore[attr-defined]


def an_old_answer_holds() -> None:
    """What was said of a chat once is relied on, however long ago."""
    admission.Admission.left = lambda _self, asked: admission.ASKED_SECONDS  # type: ignore[assignment, method-assign]


def revealed_before_stored() -> None:
    """The request is sent at once, before any message id is stored."""

    def bare(rendering: Rendering, stored: StoredRequest, part: int, parts: int) -> str:
        return rendering.parts(stored, tuple(range(len(stored.request.points))))[part]

    Rendering.bare = bare  # type: ignore[assignment, method-assign]


def no_unique_key() -> None:
    """Two posts for one local date are possible. The database is made without the key; see `Place.database`."""


def no_fencing() -> None:
    """A node goes on whoever holds the lease."""

    async def fence(lease: Lease, connection: AsyncConnection) -> None:
        """Nothing is asked."""

    Lease.check = lambda lease: None  # type: ignore[assignment, method-assign]
    Lease.fence = fence  # type: ignore[assignment, method-assign]
    Lease._lost = lambda lease, why: LeaseLostError(why)  # type: ignore[assignment, method-assign]


@dataclass(frozen=True)
class Mutant:
    """A broken guard, and the experiments that must suffer from it, each with its number of tries."""

    break_guard: Callable[[], None]
    shown_by: Mapping[int, int]


MUTANTS = {
    # Not by 14: whoever changes a group's hour leaves out the dates that have their post, so nothing comes twice there
    # without the key alone. It guards where several write at once.
    "no unique key": Mutant(no_unique_key, {11: 200}),
    "revealed before stored": Mutant(revealed_before_stored, {1: 1, 3: 2, 7: 6}),
    "no private check": Mutant(no_private_check, {18: 12}),
    "an old answer holds": Mutant(an_old_answer_holds, {18: 12}),
    "no fencing": Mutant(no_fencing, {10: 6}),
}


def break_guard(name: str) -> None:
    """Break one."""
    MUTANTS[name].break_guard()
