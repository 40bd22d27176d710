"""Headings that are missing or unknown among a body's items: which regions are meant."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.domain.regions import Region
from bot.loader.headings import Heading
from bot.loader.inference import Inferred, heading_between, heading_region
from bot.loader.items import Item, Paragraph
from bot.loader.kinds import invites
from bot.loader.notes import Note, tells_of_offices
from bot.loader.profile import Profile
from bot.loader.sections import Place, Section
from bot.loader.splitting import heads


def guesses(body: Sequence[Item], region: Region | None, profile: Profile) -> Mapping[int, Inferred]:
    """Return the regions that begin without a heading that the profile knows, by the index of their first item.

    That is a heading with other words, or a paragraph above which one is missing. `region` is that of the first items.
    """
    headed = {each for item in body for each in heads(item) or ()}
    below = _below(body)
    found: dict[int, Inferred] = {}
    for index, item in enumerate(body):
        guess: Inferred | None = None
        match item.what:
            case Heading(region=None) as heading:
                guess = heading_region(heading, below[index].texts, headed, profile)
                region = None
            case Heading(region=named) | Paragraph(heading=Heading(region=named)):
                region = named
            case Paragraph(label=None, bullet=False):
                guess = _missing(item, region, below[index].region, headed, profile)
                if guess is None and region is not None and _is_below_offices(body, index, headed):
                    guess = Inferred(Region.GLOBAL, "it stands below the line about the offices")
        if guess is not None:
            found[index], region = guess, guess.region
    return found


def _missing(
    item: Item, above: Region | None, below: Region | None, headed: Collection[Region | None], profile: Profile
) -> Inferred | None:
    if above is None or below is None or not item.lines[0].after_gap or not invites(item.text):
        return None
    region = heading_between(item.text, above, below, headed, profile)
    return None if region is None else Inferred(region, "it names countries there")


def _is_below_offices(body: Sequence[Item], index: int, headed: Collection[Region | None]) -> bool:
    """Tell whether a request stands right below the line about the offices, which belongs to Global."""
    above = body[index - 1].what if index else None
    if Region.GLOBAL in headed or not isinstance(above, Note) or not invites(body[index].text):
        return False
    return tells_of_offices(above.text)


def doubt_missing(section: Section) -> None:
    """Point at a paragraph that may stand below a missing heading: one region of all has no text, one has several.

    Where more have several it is the region that usually stands right above the missing one.
    """
    order = section.profile.order
    texts: dict[Region, list[Item]] = {region: [] for region in order}
    for at in section.placed:
        match at.item.what:
            case Paragraph(bullet=False, label=None) if at.place is Place.REQUEST and at.region in texts:
                texts[at.region].append(at.item)
    missing = [region for region in order if not texts[region]]
    several = [region for region in order if len(texts[region]) > 1]
    if len(missing) != 1 or len(order) <= len(missing + several):
        return
    above = several if len(several) == 1 else [one for one, two in pairwise(order) if one in several and two in missing]
    for region in above:
        second = texts[region][1]
        if invites(second.text) and not section.is_doubted(second):
            message = f"{missing[0]} has no heading, and {region} several paragraphs: is a heading missing here?"
            section.doubt(second, "heading-missing", message)


@dataclass(frozen=True, slots=True)
class _Below:
    """What stands below an item: the next region that has a heading, and the texts down to any heading."""

    region: Region | None
    texts: Sequence[str]


def _below(body: Sequence[Item]) -> Sequence[_Below]:
    found: list[_Below] = []
    region: Region | None = None
    texts: list[str] = []
    for item in reversed(body):
        found.append(_Below(region, texts))
        region = next((each for each in heads(item) or () if each), region)
        if isinstance(item.what, Heading) or (isinstance(item.what, Paragraph) and item.what.heading):
            texts = []
        elif isinstance(item.what, Paragraph):
            texts.append(item.text)
    return found[::-1]
