"""Every word that Vigil says, from one file a language."""

from collections.abc import Mapping
from html import escape
from pathlib import Path

import yaml


class Words:
    """Texts by their keys ("post.keep"). Placeholders are str.format's; `count` picks between `one` and `other`."""

    def __init__(self, texts: Mapping[str, object]) -> None:
        self._texts = dict(_flat(texts))

    @classmethod
    def load(cls, path: Path) -> "Words":
        """Read a YAML file of nested texts."""
        return cls(yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader))

    @property
    def keys(self) -> frozenset[str]:
        """Every key there is."""
        return frozenset(self._texts)

    def html(self, key: str, **values: object) -> str:
        """The text for a message, with every value escaped. Raises KeyError for a key that isn't there."""
        escaped = {name: escape(str(value), quote=False) for name, value in values.items()}
        return self._pick(key, values).format(**escaped)

    def plain(self, key: str, **values: object) -> str:
        """The text for a place that knows no HTML: a button, an answer to a tap."""
        return self._pick(key, values).format(**values)

    def _pick(self, key: str, values: Mapping[str, object]) -> str:
        if key in self._texts:
            return self._texts[key]
        return self._texts[f"{key}.one" if values.get("count") == 1 else f"{key}.other"]


def _flat(texts: Mapping[str, object], above: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, text in texts.items():
        key = f"{above}{name}"
        pairs += _flat(text, f"{key}.") if isinstance(text, Mapping) else [(key, str(text))]
    return pairs
