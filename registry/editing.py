"""A stored project with some columns written anew, read as a row of a list would be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from knowledge.areas import Gazetteer
from knowledge.exchange.cells import Cell, Made
from records.projects import ProjectRow
from records.vault import Vault
from registry.columns import Labels
from registry.lists import Origin, Refused, Terms
from registry.offers import key as key_of
from registry.offers import offer_of
from registry.projects_rows import ProjectsReader, file
from registry.tables import Line

# What a reader wants of every row, so that only what is edited is judged.
_FILLING = {"title": "名称", "category": "其他", "source_dept": "部门", "capital": "0"}
_FIELDS = {
    "capital": ("min_capital_yuan", "max_capital_yuan"),
    "town": ("towns", "place"),
    "certificates": ("certificates_required",),
    "training": ("training_available",),
    "hours": ("is_full_time",),
    "payback": ("payback_months",),
}
_FIXED = ("kind", "county", "owner_name", "owner_phone")


class EditRefused(ValueError):
    """What was written is not taken; one sentence."""


def edited(
    row: ProjectRow, given: Sequence[str], places: Gazetteer, now: datetime
) -> dict[str, Any]:
    """The columns that change, from 「本钱=3万」 and the like."""
    told = dict(_pair(one) for one in given)
    expires = row.expires_on.isoformat() if row.expires_on else f"{now.year + 1}-01-01"
    texts = _FILLING | {"county": row.county, "risk_line": "风险", "expires_on": expires} | told
    cells = {key: Cell(text, Made.TEXT) for key, text in texts.items()}
    origin = Origin(Vault("reads only"), "", now)
    read = ProjectsReader(Terms(origin, places, ""))(Line("", 0, cells))
    if isinstance(read, Refused):
        raise EditRefused("；".join(map(str, read.faults)))
    names = [name for key in told for name in _FIELDS.get(key, (key,))]
    new = {name: getattr(read.offer, name) for name in names}
    kept, terms = offer_of(row).terms, read.offer.terms
    values = {n: getattr(v, "value", v) for n, v in new.items() if n not in terms}
    if "title" in values:
        values["key"] = key_of(values["title"])
    return {**values, "terms": {**kept, **{n: terms[n] for n in names if n in terms}}}


def _pair(text: str) -> tuple[str, str]:
    heading, sign, value = text.partition("=")
    column = Labels(file().columns, {}).column(heading)
    if not sign or column is None or column.key in _FIXED:
        names = "、".join(c.heading for c in file().columns if c.key not in _FIXED)
        raise EditRefused(f"write 本钱=3万: {heading!r} is none of {names}")
    return column.key, value
