"""The packs' plans: lines of tasks with units and times as printed, and how often others recur."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One line; `due_on` None where the paper names no day; `every` "" where it does not recur."""

    number: str  # in the paper
    title: str
    units: str
    printed: str
    due_on: date | None = None
    every: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a paper has units do, and the year that its days are of; 0 where it names neither."""

    area: str
    document: str
    year: int
    lines: tuple[PlanLine, ...]


@cache
def plans() -> dict[str, Plan]:
    """The plans by the code of their area."""
    packs = files("knowledge").joinpath("packs")
    found = (folder.joinpath("tasks.toml") for folder in packs.iterdir())
    read = [_read(file) for file in found if file.is_file()]
    return {plan.area: plan for plan in read}


def _read(file: Traversable) -> Plan:
    data = tomllib.loads(file.read_text("utf-8"))
    lines = tuple(
        PlanLine(
            number=str(row["number"]),
            title=row["title"],
            units=row["units"],
            printed=row["printed"],
            due_on=row.get("due_on"),
            every=row.get("every", ""),
        )
        for row in data["task"]
    )
    return Plan(data["area"], data["document"], data.get("year", 0), lines)
