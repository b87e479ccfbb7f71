"""The weights, shares and limits of a ranking, read from a data file and checked."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from matching.codes import Category, Lack, Support, Term

HUNDREDTHS, THOUSANDTHS = 100, 1000
WHOLE = HUNDREDTHS * THOUSANDTHS  # a score of 1: whole numbers, so that sums are exact
UNKNOWN_SHARE = THOUSANDTHS // 2
_TABLES = "matching.tables"


class WeightsFault(ValueError):
    """A weights file that cannot be used: says where and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Everything that a score and its limits are made of.

    Weights in hundredths, shares in thousandths, `show_score` and `near_tie` in WHOLE.
    """

    author: str
    day: date
    weights: Mapping[Term, int]
    saturation: int
    shares: Mapping[str, int]
    full_experience_years: int
    show_score: int
    show_confidence: int
    near_tie: int
    variety: int
    near_likeness: int
    limits: Mapping[str, int]
    neighbours: Mapping[Category, frozenset[Category]]
    answered_by: Mapping[Lack, frozenset[Support]]

    def cap(self, slots: int) -> int:
        """To how many people a project may be shown in 30 days."""
        return max(self.limits["exposure_least"], self.limits["exposure_per_slot"] * slots)

    def likeness(self, one: Category, other: Category) -> int:
        """How alike two lines are, in hundredths."""
        if one is other:
            return HUNDREDTHS
        return self.near_likeness if other in self.neighbours[one] else 0


@cache
def our_rules() -> Rules:
    """The rules that the service ships with."""
    return read_rules(shipped("weights.toml"))


def shipped(name: str) -> str:
    """The text of a table that comes with the service."""
    return files(_TABLES).joinpath(name).read_text("utf-8")


def rules_at(path: Path) -> Rules:
    """The rules of a file of somebody's own."""
    try:
        return read_rules(path.read_text("utf-8"))
    except OSError as fault:
        raise WeightsFault(f"{path}: cannot be read: {fault.strerror}") from fault
    except UnicodeDecodeError as fault:
        raise WeightsFault(f"{path}: is no text in UTF-8") from fault
    except WeightsFault as fault:
        raise WeightsFault(f"{path}: {fault}") from fault


def read_rules(text: str) -> Rules:
    """Rules from the text of a weights file; WeightsFault says what is wrong with it."""
    try:
        table = tomllib.loads(text, parse_float=Decimal)
        return _rules(table)
    except tomllib.TOMLDecodeError as fault:
        raise WeightsFault(f"not TOML: {fault}") from fault
    except KeyError as fault:
        raise WeightsFault(f"{fault.args[0]} is missing") from fault


def _rules(table: Mapping[str, Any]) -> Rules:
    for section, known in _ours().items():
        if isinstance(known, dict) and section != "dry_run":  # told after the fact
            _same_names(section, table[section], set(known))
    show, shares = table["show"], dict(table["shares"])
    _not_a_reason(shares)
    years = _count("shares.full_experience_years", shares.pop("full_experience_years"))
    return Rules(
        author=_author(table["author"]),
        day=_day(table["date"]),
        weights=_weights(table["weights"]),
        saturation=_part("penalty.saturation", table["penalty"]["saturation"], HUNDREDTHS),
        shares={name: _part(f"shares.{name}", v, THOUSANDTHS) for name, v in shares.items()},
        full_experience_years=years,
        show_score=_part("show.score", show["score"], WHOLE),
        show_confidence=_part("show.confidence", show["confidence"], HUNDREDTHS),
        near_tie=_part("show.near_tie", show["near_tie"], WHOLE),
        variety=_variety(show["variety"]),
        near_likeness=_part("show.near_likeness", show["near_likeness"], HUNDREDTHS),
        limits={name: _count(f"limits.{name}", v) for name, v in table["limits"].items()},
        neighbours=neighbours(),
        answered_by=answered_by(),
    )


@cache
def _ours() -> Mapping[str, Any]:
    return tomllib.loads(shipped("weights.toml"), parse_float=Decimal)


def _not_a_reason(shares: Mapping[str, Any]) -> None:
    """Nothing that does not speak for a project may count like a reason for it."""
    for name in ("undecided", "no_skill", "with_loan", "same_county"):
        if shares[name] > Decimal("0.5"):
            raise WeightsFault(f"shares.{name} must not be above 0.5: it is no reason")


def _weights(told: Mapping[str, Any]) -> Mapping[Term, int]:
    weights = {term: _part(f"weights.{term}", told[term], HUNDREDTHS) for term in Term}
    if sum(weights.values()) != HUNDREDTHS:
        raise WeightsFault(f"the weights come to {sum(weights.values()) / 100}: make it 1")
    return weights


def _variety(value: Any) -> int:
    part = _part("show.variety", value, HUNDREDTHS)
    if part == 0:
        raise WeightsFault("show.variety must be above 0: at 0 no score would count")
    return part


def _same_names(where: str, told: Any, known: set[str]) -> None:
    if not isinstance(told, dict):
        raise WeightsFault(f"[{where}] must be a table")
    for name in sorted(told.keys() - known):
        raise WeightsFault(f"{where}.{name} is not known: leave it out")
    for name in sorted(known - told.keys()):
        raise WeightsFault(f"{where}.{name} is missing")


def _part(where: str, value: Any, unit: int) -> int:
    """A number from 0 to 1 as a whole number of parts; finer ones are refused, not rounded."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 <= value <= 1:
        raise WeightsFault(f"{where} must be a number from 0 to 1, not {value}")
    parts = Decimal(value) * unit
    if parts != int(parts):
        raise WeightsFault(f"{where} is too fine: write it in steps of {1 / Decimal(unit)}")
    return int(parts)


def _count(where: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise WeightsFault(f"{where} must be a whole number from 1 on, not {value}")
    return value


def _author(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise WeightsFault("author must say who changed the weights")
    return value


def _day(value: Any) -> date:
    if type(value) is not date:
        raise WeightsFault(f"date must be a day such as 2026-11-22, not {value}")
    return value


@cache
def neighbours() -> Mapping[Category, frozenset[Category]]:
    """Lines near each other, both ways."""
    told = tomllib.loads(shipped("neighbours.toml"))["near"]
    pairs = {(Category(one), Category(other)) for one in told for other in told[one]}
    pairs |= {(other, one) for one, other in pairs}
    return {line: frozenset(b for a, b in pairs if a is line) for line in Category}


@cache
def answered_by() -> Mapping[Lack, frozenset[Support]]:
    """Which support answers a lack; the others are no matter of a project."""
    told = tomllib.loads(shipped("needs.toml"))["answered_by"]
    return {Lack(lack): frozenset(map(Support, kinds)) for lack, kinds in told.items()}


@cache
def themes() -> Mapping[str, frozenset[str]]:
    """The theme tags of a county."""
    told = tomllib.loads(shipped("themes.toml"))["theme"]
    counties = {county for theme in told for county in theme["counties"]}
    return {
        county: frozenset(theme["tag"] for theme in told if county in theme["counties"])
        for county in counties
    }
