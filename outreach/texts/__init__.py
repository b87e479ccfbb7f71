"""Every sentence that is written to people unasked, read from the file beside this one."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


def say(key: str, **values: object) -> str:
    """The sentence of `key`, filled in; a missing value is an error, never an empty place."""
    return sentences()[key].format(**values)


@cache
def sentences() -> dict[str, str]:
    """All of them by their keys."""
    text = files(__package__).joinpath("zh.toml").read_text("utf-8")
    tables = tomllib.loads(text).items()
    return {f"{name}.{key}": said for name, table in tables for key, said in table.items()}
