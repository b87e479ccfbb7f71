"""The published library as every talk looks at it: kept in memory, read again once it changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from matching.projects import Project
from matching.stock import Stock
from outreach.projects import stocking
from outreach.projects.stocking import Where
from records import project_lists, project_marks
from records.database import Session
from records.project_lists import Listed
from records.projects import ProjectKind, ProjectState, Provenance

_SHOWN = (ProjectState.PUBLISHED, ProjectState.PAUSED)


@dataclass(frozen=True, slots=True, eq=False)
class County:
    """The projects of a county as they stood under a mark, each as stored and as a value."""

    mark: str
    rows: Mapping[int, Listed]
    projects: Mapping[int, Project]  # without demands and searches for people


@dataclass(frozen=True, slots=True, eq=False)
class Library:
    """What some counties offer together; `offers` are demands and searches for people."""

    stock: Stock
    where: Where
    demo: frozenset[str]
    about: Mapping[str, str]
    offers: tuple[Listed, ...]


_kept: dict[str, County] = {}  # by county; no mark is ever drawn twice, so none can mislead


def of_counties(session: Session, counties: Collection[str] | None) -> Library:
    """What is published or paused in these counties (None: in all) at this moment.

    The marks are read before the rows: what changes in between is only read once more.
    """
    marks = project_marks.current(session, counties)
    stale = [one for one, mark in marks.items() if one not in _kept or _kept[one].mark != mark]
    fresh = _read(session, {one: marks[one] for one in stale}) if stale else {}
    _kept.update(fresh)
    return _together(tuple(fresh.get(one) or _kept[one] for one in marks))


def _read(session: Session, marks: Mapping[str, str]) -> dict[str, County]:
    """The counties with these marks; a project that is as it was is the same value."""
    rows: dict[str, dict[int, Listed]] = {county: {} for county in marks}
    for row in project_lists.within(session, marks, _SHOWN):
        rows[row.county][row.id] = row
    return {
        county: _county(mark, rows[county], _kept.get(county)) for county, mark in marks.items()
    }


def _county(mark: str, rows: Mapping[int, Listed], before: County | None) -> County:
    known = before.projects if before else {}
    projects: dict[int, Project] = {}
    for number, row in rows.items():
        if row.kind == ProjectKind.PROJECT.value:
            is_same = before is not None and number in known and before.rows[number] == row
            projects[number] = known[number] if is_same else stocking.project_of(row)
    return County(mark, rows, projects)


@lru_cache(maxsize=16)
def _together(counties: tuple[County, ...]) -> Library:
    rows = sorted((row for one in counties for row in one.rows.values()), key=lambda row: row.id)
    projects = {number: each for one in counties for number, each in one.projects.items()}
    ordered = [projects[row.id] for row in rows if row.id in projects]
    return Library(
        stock=Stock(ordered),
        where=Where.of(ordered),
        demo=frozenset(str(r.id) for r in rows if r.provenance == Provenance.DEMO.value),
        about={str(row.id): str(row.terms.get("about", "")) for row in rows if row.id in projects},
        offers=tuple(row for row in rows if row.id not in projects),
    )
