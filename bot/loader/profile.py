"""A source's profile: how one organisation's bulletins are written, read from config/bulletins/*.yaml."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.domain.bulletin import Kind
from bot.domain.regions import Region
from bot.loader import countries
from bot.loader.lines import fold, words
from bot.loader.patterns import Patterns, pattern


class ProfileError(Exception):
    """A profile that can't be used. The message names every fault in it."""


@dataclass(frozen=True, slots=True)
class Profile:
    """How one source writes its bulletins.

    `order`: its regions as they usually come. `headings`: folded heading to region; `heading_patterns`: with a
    star, `heading_pattern_regions`: the region of each.
    `notes`: what is set aside; `endings`: below which nothing more belongs to a bulletin; `comments`: below which
    others write.
    `regions_of`: ISO code of a country to the region it lies in. `labels`: folded label to the kind it gives a point.
    `place_words`: words that a heading of a region is made of, by which an unknown heading is known for one;
    `last_words`: those that headings end in.
    """

    name: str
    order: tuple[Region, ...]
    headings: Mapping[str, Region]
    heading_patterns: Patterns
    heading_pattern_regions: tuple[Region, ...]
    notes: Patterns
    endings: Patterns
    comments: Patterns
    labels: Mapping[str, Kind]
    regions_of: Mapping[str, Region]
    place_words: frozenset[str]
    last_words: frozenset[str]


_Text = Annotated[str, Field(min_length=1)]


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _RegionWritten(_Written):
    headings: Annotated[list[_Text], Field(min_length=1)]
    areas: list[str] = []


class _ProfileWritten(_Written):
    name: _Text
    regions: Annotated[dict[str, _RegionWritten], Field(min_length=1)]
    notes: list[_Text] = []
    endings: list[_Text] = []
    comments: list[_Text] = []
    labels: dict[str, list[_Text]] = {}


def load_profile(path: Path) -> Profile:
    """Read and check a profile. Raises ProfileError with every fault, where it stands and what is allowed."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ProfileError(f"The profile {path} can't be read: {error}") from error
    return parse_profile(data, str(path))


def parse_profile(data: object, source: str = "profile") -> Profile:
    """Check a profile's data. Raises ProfileError with every fault; `source` is named in it."""
    try:
        written = _ProfileWritten.model_validate(data)
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, fault['loc'])) or 'the file'}: {fault['msg']}" for fault in error.errors()]
        raise ProfileError(_sentence(source, faults)) from None
    faults = [*_faults(written)]
    if faults:
        raise ProfileError(_sentence(source, faults))
    return _profile(written)


def _sentence(source: str, faults: list[str]) -> str:
    return f"The profile {source} can't be used:\n" + "\n".join(f"  {fault}" for fault in faults)


def _faults(written: _ProfileWritten) -> Iterator[str]:
    """Yield what is wrong between the lines of a profile whose shape is right."""
    owners: dict[str, str] = {}
    for name, region in written.regions.items():
        if name not in [*Region]:
            yield f"regions.{name}: no region of that name; allowed: {', '.join(Region)}"
        yield from _unknown(f"regions.{name}.areas", region.areas, countries.known().area_names())
        yield from _wordless(f"regions.{name}.headings", region.headings)
        for heading in region.headings:
            owner = owners.setdefault(_key(heading), name)
            if owner != name:
                yield f"regions.{name}.headings: {heading!r} stands for {owner} too"
    yield from _wordless("notes", written.notes)
    yield from _wordless("endings", written.endings)
    yield from _wordless("comments", written.comments)
    yield from _unknown("labels", written.labels, Kind)
    for kind, labels in written.labels.items():
        yield from _wordless(f"labels.{kind}", labels)


def _unknown(where: str, names: Iterable[str], allowed: Iterable[str]) -> Iterator[str]:
    allowed = sorted(allowed)
    yield from (
        f"{where}: {name!r} isn't known; allowed: {', '.join(allowed)}" for name in names if name not in allowed
    )


def _wordless(where: str, texts: Iterable[str]) -> Iterator[str]:
    yield from (f"{where}: {text!r} holds no words" for text in texts if not words(text))


def _key(heading: str) -> str:
    return "*".join(fold(stretch) for stretch in heading.split("*"))


def _profile(written: _ProfileWritten) -> Profile:
    regions = {Region(name): region for name, region in written.regions.items()}
    plain = {fold(text): name for name, region in regions.items() for text in region.headings if "*" not in text}
    starred = [(pattern(text), name) for name, region in regions.items() for text in region.headings if "*" in text]
    of_area = {area: name for name, region in regions.items() for area in region.areas}
    return Profile(
        name=written.name,
        order=tuple(regions),
        headings=plain,
        heading_patterns=Patterns.of(each for each, _ in starred),
        heading_pattern_regions=tuple(region for _, region in starred),
        notes=Patterns.of(map(pattern, written.notes)),
        endings=Patterns.of(map(pattern, written.endings)),
        comments=Patterns.of(map(pattern, written.comments)),
        labels={fold(label): Kind(kind) for kind, labels in written.labels.items() for label in labels},
        regions_of={code: of_area[area] for code, area in countries.known().areas.items() if area in of_area},
        place_words=frozenset(word for heading in plain for word in heading.split() if len(word) > 3),
        last_words=frozenset(heading.split()[-1] for heading in plain),
    )
