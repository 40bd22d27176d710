"""The region of requests that stand without a heading."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.domain.regions import Region
from bot.loader import countries
from bot.loader.headings import Heading
from bot.loader.lines import fold, words
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

    `headings`: the regions that have theirs, at least one. None where countries and order say nothing, or contradict
    one another, or the region has a heading of its own.
    """
    missing = [region for region in profile.order if region not in headings]
    only = missing[0] if len(missing) == 1 else None
    by_country = of_countries(" ".join(texts), profile)
    if only is not None and only in by_country:
        return Inferred(only, "it names countries there, and the other regions have their headings")
    if only is not None and not by_country:
        return Inferred(only, "the other regions have their headings")
    candidates = by_country & set(missing)
    return Inferred(candidates.pop(), "it names countries there") if len(by_country) == len(candidates) == 1 else None


def heading_between(
    text: str, above: Region, below: Region, headed: Collection[Region | None], profile: Profile
) -> Region | None:
    """Return the region whose heading is missing above a text: it alone has the countries that the text names, has no
    heading of its own (`headed`: those that have), and usually comes between the headings above and below.
    """
    order = profile.order
    if above not in order or below not in order:
        return None
    between = [region for region in order[order.index(above) + 1 : order.index(below)] if region not in headed]
    named = of_countries(text, profile) if between else set()
    return next((region for region in between if named == {region}), None)


def heading_region(
    heading: Heading, below: Sequence[str], headed: Collection[Region | None], profile: Profile
) -> Inferred | None:
    """Return the region of a heading that the profile doesn't know; None where nothing tells.

    By the countries it names, else it is made of the words of one region's headings ("Partners Worldwide"), else by the
    countries of the texts below, else it is the one region made of its words: "Asia Desk" where South Asia has one. No
    words mean a region that has a heading of its own in the bulletin (`headed`: those that have).
    """
    by_name = of_countries(heading.written, profile)
    made = None if by_name else _made_of_its_words(heading.written, profile)
    if made is not None and made not in headed:
        return Inferred(made, "it is made of the words of its headings")
    by_country = by_name or of_countries(" ".join(below), profile)
    if by_country:
        where = "it" if by_name else "the text below"
        return Inferred(by_country.pop(), f"{where} names countries there") if len(by_country) == 1 else None
    meant: set[Region] | None = None
    for word in words(heading.written):
        if word in profile.place_words:
            regions = {region for folded, region in profile.headings.items() if word in folded.split()}
            meant = regions if meant is None else meant & regions
    left = (meant or set()) & set(profile.regions_of.values()) - set(headed)
    return Inferred(left.pop(), "no other region of that name is left") if len(left) == 1 else None


def _made_of_its_words(written: str, profile: Profile) -> Region | None:
    """Return the one region in whose headings each of some words stands."""
    said = set(words(written))
    of_region: dict[Region, set[str]] = {}
    for folded, region in profile.headings.items():
        of_region.setdefault(region, set()).update(folded.split())
    made = [region for region, its in of_region.items() if said <= its]
    return made[0] if len(made) == 1 else None


def mentioned(texts: Iterable[str], profile: Profile) -> Inferred | None:
    """Return the one region that the text around requests without any heading speaks of."""
    places = set(profile.regions_of.values())  # "Latin America" means a place wherever it stands, "global" doesn't
    found: set[Region] = set()
    for text in texts:
        folded = f" {fold(text)} "
        found |= places & {region for name, region in profile.headings.items() if f" {name} " in folded}
        found |= of_countries(text, profile)
    if len(found) != 1:
        return None
    (region,) = found
    return Inferred(region, "the text around it speaks of it")
