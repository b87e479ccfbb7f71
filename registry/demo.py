"""Made-up projects and places of the packs, to show how it works; never taken for real."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any

from knowledge.areas import Gazetteer
from knowledge.exchange.cells import Cell, Made
from records import projects, sites
from records.database import Session
from records.projects import ProjectState, Provenance
from records.vault import Vault
from registry.column_files import ColumnFile
from registry.columns import Labels
from registry.lists import Origin, Refused, Terms
from registry.offers import Owned, key
from registry.projects_rows import ProjectsReader
from registry.projects_rows import file as project_columns
from registry.sites_kind import SitesReader, Vacant
from registry.sites_kind import file as site_columns
from registry.tables import Line

_FILE, _DEPT, _BY = "projects.toml", "演示数据", "system"
_LIFE = timedelta(days=330)


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many there were to load, and how many of them were new."""

    projects: int = 0
    sites: int = 0
    new: int = 0


class DemoFault(ValueError):
    """A file of a pack that cannot be loaded: which, and why."""


def load(session: Session, vault: Vault, places: Gazetteer, now: datetime) -> Loaded:
    """Load what is not there yet, published and verified today; for good or not at all."""
    terms = Terms(Origin(vault, _BY, now), places, "")
    loaded = Loaded()
    for folder, table in _tables():
        offers = ProjectsReader(terms)
        for row in table.get("project", ()):
            until = (now.date() + _LIFE).isoformat()
            given = {"来源部门": _DEPT, "有效期到": until, **row}
            one = _read(offers, given, project_columns(), folder)
            is_new = _keep_project(session, vault, replace(one, provenance=Provenance.DEMO), now)
            loaded = replace(loaded, projects=loaded.projects + 1, new=loaded.new + is_new)
        vacant = SitesReader(terms)
        for row in table.get("site", ()):
            place = _read(vacant, {"来源部门": _DEPT, **row}, site_columns(), folder)
            is_new = _keep_site(session, place, now)
            loaded = replace(loaded, sites=loaded.sites + 1, new=loaded.new + is_new)
    return loaded


def remove(session: Session, now: datetime) -> int:
    """Show none of it any more; how many there were."""
    rows = [r for r in projects.within(session) if r.provenance == Provenance.DEMO.value]
    rows = [row for row in rows if row.state != ProjectState.CLOSED.value]
    for row in rows:
        closed = {"state": ProjectState.CLOSED.value}
        projects.change(session, row, closed, act="closed", by=_BY, at=now)
    places = [row for row in sites.within(session) if row.is_demo]
    for place in places:
        place.is_closed, place.updated_at = True, now
    session.flush()
    return len(rows) + len(places)


def _tables() -> Iterator[tuple[str, dict[str, Any]]]:
    packs = files("knowledge").joinpath("packs")
    for folder in sorted(packs.iterdir(), key=lambda one: one.name):
        file = folder.joinpath(_FILE)
        if folder.is_dir() and file.is_file():
            try:
                yield folder.name, tomllib.loads(file.read_text("utf-8"))
            except tomllib.TOMLDecodeError as fault:
                raise DemoFault(f"packs/{folder.name}/{_FILE}: {fault}") from fault


def _read(reader: Any, row: dict[str, Any], columns: ColumnFile, folder: str) -> Any:
    labels = Labels(columns.columns, {})
    cells = {}
    for heading, value in row.items():
        column = labels.column(heading)
        if column is None:
            raise DemoFault(f"packs/{folder}/{_FILE}: there is no column {heading}")
        cells[column.key] = Cell(str(value), Made.TEXT)
    read = reader(Line("", 0, cells))
    if isinstance(read, Refused):
        raise DemoFault(f"packs/{folder}/{_FILE}: {'；'.join(map(str, read.faults))}")
    return read


def _keep_project(session: Session, vault: Vault, one: Owned, now: datetime) -> bool:
    offer, today = one.offer, now.date()
    for row in projects.by_keys(session, [key(offer.title)]):
        if (row.kind, row.county) == (offer.kind.value, offer.county):
            return False
    row = projects.add(session, vault, one.entered(), by=_BY, at=now)
    days: dict[str, date] = {"published_on": today, "verified_on": today}
    values = {"state": ProjectState.PUBLISHED.value, **days}
    projects.change(session, row, values, act="published", by=_BY, at=now)
    return True


def _keep_site(session: Session, one: Vacant, now: datetime) -> bool:
    known = sites.by_keys(session, [one.values["key"]], one.values["county"])
    if any(not row.is_closed for row in known):
        return False
    sites.keep(session, {**one.values, "is_demo": True}, by=_BY, at=now)
    return True
