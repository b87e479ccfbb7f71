"""Every sentence we say and every word we listen for, read from the files beside this one."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


def say(key: str, **values: object) -> str:
    """The sentence of `key`, filled in; a missing value is an error, never an empty place."""
    return _sentences()[key].format(**values)


@cache
def table(name: str) -> dict[str, Any]:
    """A file of this folder as data."""
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))


@cache
def _sentences() -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in table("zh").items():
        if isinstance(value, str):
            found[key] = value
        else:
            found.update({f"{key}.{name}": text for name, text in value.items()})
    return found
