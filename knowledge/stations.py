"""The stations that the papers name; addresses and phones are in none of them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class NamedStation:
    """A station by the place that a paper names it for."""

    name: str
    area: str
    city: str


@cache
def _all() -> dict[str, tuple[NamedStation, ...]]:
    packs = files("knowledge").joinpath("packs")
    found = {}
    for folder in packs.iterdir():
        file = folder.joinpath("stations.toml")
        if file.is_file():
            data = tomllib.loads(file.read_text("utf-8"))
            rows = (
                NamedStation(row["name"], data["area"], row["city"]) for row in data["station"]
            )
            found[data["area"]] = tuple(rows)
    return found


def of_pack(area: str) -> tuple[NamedStation, ...]:
    """The stations that are named for the people of an area."""
    return _all().get(area, ())
