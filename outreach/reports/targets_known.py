"""Every target that is known: as the papers print it, as staff typed it, as a rule gives it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from knowledge import targets as printed
from knowledge.targets import Rule
from records import targets
from records.database import Session
from records.targets import Figure, Kind

_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Known:
    """A figure, and who typed it when; `at` None: it is shipped, as the paper prints it."""

    figure: Figure
    by: str = ""
    at: datetime | None = None
    number: int = 0


def known(session: Session, areas: Collection[str]) -> list[Known]:
    """The figures of these areas; what staff typed stands instead of what is shipped."""
    found = {one.key: Known(one) for one in shipped(areas)}
    for version in targets.current(session, areas):
        found[version.figure.key] = Known(version.figure, version.by, version.at, version.number)
    return list(found.values())


def shipped(areas: Collection[str]) -> Iterator[Figure]:
    """The figures of these areas as the papers print them."""
    for sheet in printed.sheets().values():
        for one in sheet.figures:
            if one.area in areas:
                yield Figure(
                    kind=Kind(one.kind),
                    area=one.area,
                    measure=one.measure,
                    first_year=one.first,
                    last_year=one.last,
                    unit=one.unit,
                    value=one.value,
                    source=one.source,
                    as_printed=one.as_printed,
                    note=one.note,
                )


def by_rule(
    figures: Collection[Known], city: str, counties: Collection[str], year: int
) -> list[Known]:
    """The targets of a year that the rules of a city's paper give."""
    sheet = printed.sheets().get(city)
    bases = {
        one.figure.area: one.figure
        for one in figures
        if one.figure.kind is Kind.BASE and one.figure.last_year == year - 1
    }
    return [
        Known(_ruled(rule, area, year, bases))
        for rule in (sheet.rules if sheet else ())
        for area in (counties if rule.is_each else (city,))
    ]


def _ruled(rule: Rule, area: str, year: int, bases: Mapping[str, Figure]) -> Figure:
    value, note = rule.value, rule.note
    if rule.percent:
        base = bases.get(area)
        is_known = base is not None and base.measure == rule.base and base.value is not None
        value = share(rule.percent, base.value) if is_known and base and base.value else None
        note = (
            f"{rule.percent}%×{base.value}（{year - 1}年末，{base.source}），有零头进一"
            if is_known and base
            else f"没有{year - 1}年末的基数，算不出，先填基数"
        )
    return Figure(
        kind=Kind.TARGET,
        area=area,
        measure=rule.measure,
        first_year=year,
        last_year=year,
        unit=rule.unit,
        value=value,
        source=rule.source,
        as_printed=rule.as_printed,
        note=note,
    )


def share(percent: int, base: int) -> int:
    """So many percent of a base, rounded up: «以上» is not reached by less."""
    return -(-percent * base // _HUNDRED)
