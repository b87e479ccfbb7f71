"""Projects of a list into the library: known ones found, nothing that is published overwritten."""

from __future__ import annotations

from collections.abc import Sequence

from records import projects
from records.database import Session
from records.projects import ProjectRow, ProjectState, Provenance
from registry.lists import Origin, Outcome, Stored
from registry.offers import Offer, Owned, differences, key, offer_of
from registry.projects_rows import file

_HEADINGS = {"min_capital_yuan": "capital", "max_capital_yuan": "capital", "place": "town"} | {
    "towns": "town",
    "training_available": "training",
    "is_full_time": "hours",
    "payback_months": "payback",
    "certificates_required": "certificates",
}


def store_all(session: Session, listed: Sequence[Owned], origin: Origin) -> list[Stored]:
    """Store projects, in order; what became of each."""
    known = _known(session, listed)
    return [_store(session, one, known, origin) for one in listed]


def known(session: Session, one: Owned) -> ProjectRow | None:
    """The project of this name in its county, if it is in the library."""
    offer = one.offer
    return _known(session, [one]).get((offer.kind.value, offer.county, key(offer.title)))


def _known(session: Session, listed: Sequence[Owned]) -> dict[tuple[str, str, str], ProjectRow]:
    keys = {key(one.offer.title) for one in listed}
    rows = projects.by_keys(session, keys) if keys else []
    return {(row.kind, row.county, row.key): row for row in reversed(rows)}


def _store(
    session: Session,
    one: Owned,
    known: dict[tuple[str, str, str], ProjectRow],
    origin: Origin,
) -> Stored:
    offer = one.offer
    name = (offer.kind.value, offer.county, key(offer.title))
    row, by = known.get(name), f"staff:{origin.staff}"
    if row is None:
        row = projects.add(session, origin.vault, one.entered(), by=by, at=origin.at)
        known[name] = row
        remark = f"{row.number}号，存成草稿，等人审：guiyan projects review {row.number}"
        return Stored(Outcome.NEW, str(row.number), (remark,))
    changed = differences(offer_of(row), offer)
    if not changed:
        return Stored(Outcome.SAME, str(row.number), (f"就是{row.number}号",))
    is_ours = row.provenance == Provenance.SPREADSHEET.value
    if row.state == ProjectState.DRAFT.value and is_ours:
        renew(session, row, offer, by=by, origin=origin)
        return Stored(Outcome.MERGED, str(row.number), (f"{row.number}号草稿改成了新的",))
    told = "、".join(dict.fromkeys(map(_heading, changed)))
    remark = f"和{row.number}号不一样：{told}。没有改；要改：guiyan projects edit {row.number}"
    return Stored(Outcome.DIFFERS, str(row.number), (remark,))


def renew(session: Session, row: ProjectRow, offer: Offer, *, by: str, origin: Origin) -> None:
    """A draft says what the newer list says; fields that the list leaves empty stay."""
    new, old = offer_of(row), differences(offer_of(row), offer)
    merged = {name: getattr(offer, name) for name in old}
    terms = {**new.terms, **{n: v for n, v in offer.terms.items() if n in merged}}
    values = {n: getattr(v, "value", v) for n, v in merged.items() if n not in terms}
    projects.change(session, row, {**values, "terms": terms}, act="edited", by=by, at=origin.at)


def _heading(name: str) -> str:
    return file().heading(_HEADINGS.get(name, name)) or name
