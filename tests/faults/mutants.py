"""Guards of the bot, broken on purpose: the campaign must notice each. A mutant is a patch in the bot's own process."""

from collections.abc import Callable

from bot.services import admission
from bot.services.rendering import Rendering
from bot.store.bulletins import StoredRequest


def no_private_check() -> None:
    """Nobody asks who can see the chat."""
    admission.why_not_private = lambda chat: None  # type: ignore[attr-defined]


def revealed_before_stored() -> None:
    """The request is sent at once, before any message id is stored."""

    def bare(rendering: Rendering, stored: StoredRequest, part: int, parts: int) -> str:
        return rendering.parts(stored, tuple(range(len(stored.request.points))))[part]

    Rendering.bare = bare  # type: ignore[assignment, method-assign]


def no_unique_key() -> None:
    """Two posts for one local date are possible. The database is made without the key; see `Place.database`."""


MUTANTS: dict[str, Callable[[], None]] = {
    "no unique key": no_unique_key,
    "revealed before stored": revealed_before_stored,
    "no private check": no_private_check,
}


def break_guard(name: str) -> None:
    """Break one."""
    MUTANTS[name]()
