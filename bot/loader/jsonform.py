"""The JSON form of readings, version 1. Programs rely on it: fields may be added, none changed or taken away."""

from collections.abc import Iterable
from typing import Any

from bot.domain.bulletin import Bulletin, Point, Request
from bot.loader.reading import Reading

VERSION = 1


def as_json(files: Iterable[tuple[str, Reading]], *, explained: bool = False) -> dict[str, Any]:
    """Return readings, each with its file's name, as what `json.dumps` takes. Lines count from 1.

    `explained`: with every line that isn't blank, its place and the rule that put it there.
    """
    return {"version": VERSION, "files": [_file(*file) | (_lines(file[1]) if explained else {}) for file in files]}


def _file(name: str, reading: Reading) -> dict[str, Any]:
    return {
        "file": name,
        "bulletins": [_bulletin(bulletin) for bulletin in reading.bulletins],
        "unplaced": [{"line": left.line, "text": left.text} for left in reading.unplaced],
    }


def _lines(reading: Reading) -> dict[str, Any]:
    return {
        "lines": [
            {"line": at.line, "text": at.text, "place": at.place.value, "region": at.region, "rule": at.rule}
            for at in reading.placements
        ]
    }


def _bulletin(bulletin: Bulletin) -> dict[str, Any]:
    verse = bulletin.verse
    return {
        "title": bulletin.title,
        "published_on": bulletin.published_on.isoformat() if bulletin.published_on else None,
        "verse": {"text": verse.text, "reference": verse.reference} if verse else None,
        "requests": [_request(request) for request in bulletin.requests],
        "notes": list(bulletin.notes),
        "warnings": [{"code": w.code, "message": w.message, "line": w.line} for w in bulletin.warnings],
    }


def _request(request: Request) -> dict[str, Any]:
    return {
        "region": request.region.value,
        "heading": request.heading,
        "countries": list(request.countries),
        "dates": [
            {"text": named.text, "first": named.first.isoformat(), "last": named.last.isoformat()}
            for named in request.dates
        ],
        "points": [{"text": point.text, "kind": point.kind.value} | _day(point) for point in request.points],
    }


def _day(point: Point) -> dict[str, Any]:
    """Return the day of a diary's point; other points have no such field."""
    if point.day_written is None:
        return {}
    return {"day": {"text": point.day_written, "date": point.day.isoformat() if point.day else None}}
