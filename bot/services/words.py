"""Every word that Vigil says, from one file a language; dates and plurals as the language has them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from html import escape
from pathlib import Path

import yaml
from babel import Locale
from babel.dates import format_skeleton, get_day_names

from bot.domain.regions import Region
from bot.domain.weekdays import EVERY_DAY, Weekdays, runs

# A text whose parts are all called like this is one text in several plural forms.
PLURALS = frozenset({"zero", "one", "two", "few", "many", "other"})


class Words:
    """One language's texts by their keys ("post.keep"). Placeholders are str.format's; `count` picks a plural form."""

    def __init__(self, code: str, texts: Mapping[str, object]) -> None:
        """`code` is the file's name. A top-level `locale` says whose dates and plurals these are, where that differs.

        Raises babel.UnknownLocaleError or ValueError for a locale that Babel doesn't know.
        """
        self.code = code
        self.locale = Locale.parse(str(texts.get("locale", code)).replace("-", "_"))
        self._texts = dict(_flat({name: text for name, text in texts.items() if name != "locale"}))

    @classmethod
    def load(cls, path: Path) -> "Words":
        """Read a YAML file of nested texts."""
        return cls(path.stem, yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader))

    @property
    def keys(self) -> frozenset[str]:
        """Every key there is."""
        return frozenset(self._texts)

    @property
    def name(self) -> str:
        """What the language calls itself."""
        return str(self.locale.get_language_name())

    def forms(self, key: str) -> Mapping[str, str]:
        """A text by its plural forms; one that has none is `other`. Raises KeyError."""
        return self._texts[key]

    def html(self, key: str, **values: object) -> str:
        """The text for a message, with every value escaped. Raises KeyError for a key that isn't there."""
        escaped = {name: escape(str(value), quote=False) for name, value in values.items()}
        return self._pick(key, values).format(**escaped)

    def plain(self, key: str, **values: object) -> str:
        """The text for a place that knows no HTML: a button, an answer to a tap."""
        return self._pick(key, values).format(**values)

    def region(self, region: Region) -> str:
        """A region's name."""
        return self.plain(f"region.{region.name}")

    def country(self, code: str) -> str:
        """A country's name, by its ISO 3166 alpha-2 code."""
        return str(self.locale.territories[code])

    def day(self, day: date) -> str:
        """A date with its weekday, short; of a datetime, its own date."""
        return format_skeleton("MMMEd", datetime(day.year, day.month, day.day), locale=self.locale)  # noqa: DTZ001

    def month(self, day: date) -> str:
        """The month and year of a date."""
        return format_skeleton("yMMMM", datetime(day.year, day.month, 1), locale=self.locale)  # noqa: DTZ001

    def days(self, days: Iterable[date]) -> str:
        """Dates in a row. Some languages have a comma within a date, so none stands between them."""
        return " · ".join(map(self.day, days))

    def clock(self, at: time) -> str:
        """An hour and minute, counted to 24 as /time takes them."""
        return f"{at:%H:%M}"

    def weekdays(self, days: Weekdays) -> str:
        """Days of the week: "Mon–Fri", "Mon, Wed"."""
        if days == EVERY_DAY:
            return self.plain("group.every_day")
        names = get_day_names("abbreviated", "stand-alone", self.locale)
        return ", ".join(names[a] if a == z else f"{names[a]}–{names[z]}" for a, z in runs(days))

    def week(self) -> Sequence[str]:
        """The days of the week from Monday on, each as short as the language has it."""
        names = get_day_names("short", "stand-alone", self.locale)
        return [names[day] for day in range(7)]

    def _pick(self, key: str, values: Mapping[str, object]) -> str:
        forms, count = self.forms(key), values.get("count")
        form = self.locale.plural_form(count) if isinstance(count, int) else "other"
        return forms.get(form) or forms["other"]


class Languages:
    """All languages that Vigil speaks, by Telegram's codes."""

    def __init__(self, every: Iterable[Words], default: str) -> None:
        """Raises KeyError if the default isn't among them."""
        self._by_code = {_code(words.code): words for words in every}
        self.default = self._by_code[_code(default)]

    @classmethod
    def load(cls, folder: Path, default: str) -> "Languages":
        """Read every file of texts in a folder."""
        return cls(map(Words.load, sorted(folder.glob("*.yaml"))), default)

    def __iter__(self) -> Iterator[Words]:
        return iter(self._by_code.values())

    def find(self, code: str) -> Words | None:
        """The language of a code: of "es-MX", if there is none of its own, "es"."""
        whole = _code(code)
        return self._by_code.get(whole) or self._by_code.get(whole.partition("-")[0])

    def of(self, code: str | None) -> Words:
        """The same; the default for a language that we don't speak, or where none is known."""
        return (self.find(code) if code else None) or self.default


def _code(code: str) -> str:
    return code.strip().lower().replace("_", "-")


def _flat(texts: Mapping[str, object], above: str = "") -> list[tuple[str, Mapping[str, str]]]:
    pairs: list[tuple[str, Mapping[str, str]]] = []
    for name, text in texts.items():
        key = f"{above}{name}"
        if not isinstance(text, Mapping):
            pairs.append((key, {"other": str(text)}))
        elif text.keys() <= PLURALS:
            pairs.append((key, {form: str(each) for form, each in text.items()}))
        else:
            pairs += _flat(text, f"{key}.")
    return pairs
