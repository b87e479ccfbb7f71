"""Every sentence we say and every word we listen for, read from the files beside this one."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


def say(key: str, **values: object) -> str:
    """The sentence of `key`, filled in; a missing value is an error, never an empty place."""
    return sentences()[key].format(**values)


def say_of(kind: str, code: str) -> str:
    """The sentence for a code of a kind that has one for each of its codes."""
    return str(table("coded")[kind][code])


@cache
def table(name: str) -> dict[str, Any]:
    """A file of this folder as data."""
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))


@cache
def sentences() -> dict[str, str]:
    """Those of zh.toml, and of zh_<room>.toml for rooms with many."""
    found: dict[str, str] = {}
    for file in sorted(files(__package__).iterdir(), key=lambda file: file.name):
        if file.name.startswith("zh") and file.name.endswith(".toml"):
            found |= _flat(table(file.name.removesuffix(".toml")))
    return found


def _flat(rows: dict[str, Any]) -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in rows.items():
        is_one = isinstance(value, str)
        flat.update({key: value} if is_one else {f"{key}.{n}": text for n, text in value.items()})
    return flat
