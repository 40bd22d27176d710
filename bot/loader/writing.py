"""The text form of a bulletin, which reads back to the same bulletin."""

from collections.abc import Iterator
from datetime import date

from bot.domain.bulletin import Bulletin, Kind, Request
from bot.loader import countries
from bot.loader.headings import known
from bot.loader.profile import Profile


def write(bulletin: Bulletin, profile: Profile) -> str:
    """Return a bulletin as text in a source's own headings and labels, every part a paragraph.

    All that could be taken for something else says what it is: "Title: ...", "Date: ...", "Prayer: ...". Notes,
    warnings, and what is found anew in the texts (countries, days named) aren't written.
    """
    return "\n\n".join(_paragraphs(bulletin, profile)) + "\n"


def _paragraphs(bulletin: Bulletin, profile: Profile) -> Iterator[str]:
    if bulletin.title:
        yield f"Title: {bulletin.title}"
    if bulletin.published_on:
        yield f"Date: {bulletin.published_on.isoformat()}"
    if bulletin.verse:
        yield f"“{bulletin.verse.text}” – {bulletin.verse.reference}"
    if bulletin.is_diary:
        yield from _days(bulletin, profile)
        return
    for request in bulletin.requests:
        yield _heading(request, profile)
        yield from _countries(request, profile)
        yield from (f"{_label(point.kind, profile)}{point.text}" for point in request.points)


def _days(bulletin: Bulletin, profile: Profile) -> Iterator[str]:
    """Yield a diary's days in order, each with its region and its points."""
    points = [(point, request) for request in bulletin.requests for point in request.points]
    days = dict.fromkeys(
        (point.day_written, request.region)
        for point, request in sorted(points, key=lambda each: each[0].day or date.max)
    )
    for written, region in days:
        of_day = [
            (point, request) for point, request in points if (point.day_written, request.region) == (written, region)
        ]
        yield f"{written} | {_heading(of_day[0][1], profile)}"
        if of_day[0][0] is of_day[0][1].points[0]:
            yield from _countries(of_day[0][1], profile)
        yield from (f"{_label(point.kind, profile)}{point.text}" for point, _ in of_day)


def _heading(request: Request, profile: Profile) -> str:
    """Return the heading that a request has, or, where the profile doesn't know it, one that it does."""
    if request.heading and known(request.heading, profile) is request.region:
        return request.heading
    plain = [folded.title() for folded, region in profile.headings.items() if region is request.region]
    name = request.region.value
    return plain[0] if plain and known(name, profile) is not request.region else name


def _countries(request: Request, profile: Profile) -> Iterator[str]:
    """Yield, as headings below the region's, the countries that none of its texts names: headings named them."""
    said = {code for point in request.points for code in countries.named(point.text)}
    for code in request.countries:
        if code not in said and profile.regions_of.get(code) is request.region:
            yield countries.known().names[code]


def _label(kind: Kind, profile: Profile) -> str:
    """Return the label of a kind; a source without labels has its points' kinds by their words alone."""
    label = next((folded for folded, of in profile.labels.items() if of is kind), None)
    return f"{label.capitalize()}: " if label else ""
