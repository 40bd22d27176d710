"""The atlas: what people call regions and countries, and which region a country lies in."""

from collections.abc import Mapping

from bot.domain.regions import Region
from bot.loader import countries
from bot.loader.profile import Profile
from bot.services.matching import meant
from bot.services.words import Languages


class Atlas:
    """Finds the region or country that a person's words name."""

    def __init__(
        self, regions: Mapping[str, Region], nations: Mapping[str, str], lies_in: Mapping[str, Region]
    ) -> None:
        """`regions` by their names, `nations` (ISO 3166 alpha-2 codes) by theirs; `lies_in`: a code's region."""
        self._regions, self._nations, self._lies_in = regions, nations, lies_in

    @classmethod
    def of(cls, profile: Profile, languages: Languages) -> "Atlas":
        """The names of a profile and of every language that is spoken."""
        known = countries.known()
        spoken = {words.region(region): region for words in languages for region in Region}
        local = {words.country(code): code for words in languages for code in known.areas}
        regions = {**profile.headings, **{str(region): region for region in Region}, **spoken}
        return cls(regions, {**local, **known.codes}, profile.regions_of)

    def region_meant(self, text: str) -> tuple[Region | None, list[Region]]:
        """The region that a person's words name, or the ones that come near."""
        return meant(text, self._regions)

    def country_meant(self, text: str) -> tuple[str | None, list[str]]:
        """The code of the country that a person's words name, or of those that come near."""
        return meant(text, self._nations)

    def is_country(self, code: str) -> bool:
        """Whether a country has this code."""
        return code in self._nations.values()

    def region_of(self, country: str) -> Region | None:
        """The region that a country lies in; None for one that no region of the profile has."""
        return self._lies_in.get(country)
