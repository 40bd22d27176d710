"""The published Bot API as facts (schema.json), and whether an answer keeps to it."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

PLAIN: dict[str, type | tuple[type, ...]] = {"Integer": int, "String": str, "Boolean": bool, "Float": (int, float)}


@cache
def schema() -> Any:
    """The schema from $BOTAPI or beside the repository; None where it isn't."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "botapi" / "schema.json"
    path = Path(os.environ.get("BOTAPI", beside))
    path = path / "schema.json" if path.is_dir() else path
    return json.loads(path.read_text("utf-8")) if path.is_file() else None


needs_schema = pytest.mark.skipif(schema() is None, reason="the published schema isn't here ($BOTAPI)")


def faults_of(kind: str, value: Any, where: str) -> list[str]:
    """What is wrong with a value that should be of the type `kind`: unknown, missing and ill-typed fields."""
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{where}: {value!r} is no array"]
        inner = kind.removeprefix("Array of ")
        return [fault for i, item in enumerate(value) for fault in faults_of(inner, item, f"{where}[{i}]")]
    kinds = kind.split(" or ")
    if len(kinds) > 1:
        tried = [faults_of(one, value, where) for one in kinds]
        return min(tried, key=len)
    if kind == "True":
        return [] if value is True else [f"{where}: {value!r} is not true"]
    if kind in PLAIN:
        fits = isinstance(value, PLAIN[kind]) and (kind == "Boolean" or not isinstance(value, bool))
        return [] if fits else [f"{where}: {value!r} is no {kind}"]
    return _faults_of_object(kind, value, where)


def _faults_of_object(kind: str, value: Any, where: str) -> list[str]:
    described = schema()["types"][kind]
    if "one_of" in described:
        return min((faults_of(one, value, where) for one in described["one_of"]), key=len)
    if not isinstance(value, dict):
        return [f"{where}: {value!r} is no {kind}"]
    fields = described["fields"]
    found = [f"{where}: {kind} has no field {name}" for name in value.keys() - fields.keys()]
    for name, field in fields.items():
        if name in value:
            found += faults_of(field["type"], value[name], f"{where}.{name}")
            if value[name] != field.get("literal", value[name]):
                found.append(f"{where}.{name}: {value[name]!r} is not {field['literal']!r}")
        elif field["required"]:
            found.append(f"{where}: {kind} lacks {name}")
    return found
