"""The regions of the world that a bulletin speaks of."""

from enum import StrEnum


class Region(StrEnum):
    """A region by its canonical name, in the order in which bulletins usually have them."""

    AFRICA_EUROPE = "Africa & Europe"
    LATIN_AMERICA = "Latin America"
    SOUTH_ASIA = "South Asia"
    ASIA_PACIFIC = "Asia Pacific"
    GLOBAL = "Global"
