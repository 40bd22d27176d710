"""The region of requests that stand without a heading."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.regions import Region
from bot.loader import countries
from bot.loader.lines import fold
from bot.loader.profile import Profile


@dataclass(frozen=True, slots=True)
class Inferred:
    """A region that no heading names, and why it is taken for the right one."""

    region: Region
    why: str


def of_countries(text: str, profile: Profile) -> set[Region]:
    """Return the regions in which the countries lie that a text names."""
    return {profile.regions_of[code] for code in countries.named(text) if code in profile.regions_of}


def missing_region(texts: Sequence[str], headings: Sequence[Region], profile: Profile) -> Inferred | None:
    """Return the region of the requests above a bulletin's first heading, by the countries they name and by order.

    None where these say nothing, or contradict one another, or the region has a heading of its own.
    """
    missing = [region for region in profile.order if region not in headings]
    by_country = set().union(*(of_countries(text, profile) for text in texts)) if texts else set()
    by_order = _before(headings[0], missing, profile) if headings else None
    if len(by_country) == 1:
        (region,) = by_country
        agrees = " and by its place" if region == by_order else ""
        return Inferred(region, f"by the countries it names{agrees}") if region in missing else None
    if not by_country and by_order is not None:
        return Inferred(by_order, "by its place: the other regions have their headings")
    return None


def _before(first: Region, missing: Sequence[Region], profile: Profile) -> Region | None:
    """Return the one region that usually comes before a bulletin's first heading and has none of its own."""
    usual = profile.order[: profile.order.index(first)] if first in profile.order else ()
    before = [region for region in missing if region in usual]
    return before[0] if len(before) == 1 and len(missing) == 1 else None


def mentioned(texts: Iterable[str], profile: Profile) -> Inferred | None:
    """Return the one region that the text around requests without any heading speaks of."""
    found: set[Region] = set()
    for text in texts:
        folded = f" {fold(text)} "
        found |= {
            region
            for words, region in profile.headings.items()
            if f" {words} " in folded and _says_place(words, profile)
        }
        found |= of_countries(text, profile)
    if len(found) != 1:
        return None
    (region,) = found
    return Inferred(region, "the text around it speaks of it")


def _says_place(heading: str, profile: Profile) -> bool:
    """Tell whether words mean a place wherever they stand: "Latin America" does, "international" doesn't."""
    return profile.headings[heading] in profile.regions_of.values()
