"""Differences between lists and the register: shown in words, taken or kept by a human."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from records import audit, imports, listed_people, prints
from records.database import Session
from records.imports import WHO, Difference, DifferenceState
from records.listed_people import Entry
from records.prints import VILLAGE
from records.vault import Vault
from registry import villages
from registry.lists import Origin, Stored
from registry.people import Desk, hold, store, unpack
from registry.people_columns import headings, words
from registry.people_matching import GONE
from registry.ready_people import remembered

_PLACE = ("home_place", VILLAGE)


class DecisionRefused(Exception):
    """A difference cannot be decided so; one plain sentence says why."""


def take(session: Session, vault: Vault, number: int, *, by: str, at: datetime) -> None:
    """The list is right: its value is held from now on; or it is the same person."""
    difference, entry = _undecided(session, vault, number)
    imports.decide(session, number, DifferenceState.TAKEN, by=by, at=at)
    if difference.field == WHO:
        one, origin = _again(difference, vault, by, at)
        desk = Desk(session, [], origin)
        desk.merge(one, entry)
        desk.write()
    else:
        _hold(session, vault, difference, entry, at)
    audit.write(session, "difference.taken", at=at, actor=_actor(by), subject=entry.id)


def keep(session: Session, vault: Vault, number: int, *, by: str, at: datetime) -> Stored | None:
    """The register is right; or it is somebody else, who is stored now: what became of them."""
    difference, entry = _undecided(session, vault, number)
    imports.decide(session, number, DifferenceState.KEPT, by=by, at=at)
    audit.write(session, "difference.kept", at=at, actor=_actor(by), subject=entry.id)
    if difference.field != WHO:
        return None
    one, origin = _again(difference, vault, by, at)
    return store(session, one, origin)


def said(field: str, value: Any) -> str:
    """A value in the words of the table."""
    if value is None:
        return "（空）"
    if isinstance(value, Mapping):
        texts = value["texts"]
        return " ".join(str(texts[name]) for name in ("nickname", VILLAGE) if texts.get(name))
    labels = _labels().get(field, {})
    if isinstance(value, list):
        return "、".join(labels.get(code, str(code)) for code in value)
    return labels.get(value, str(value))


def called(field: str) -> str:
    """The heading of a field; who somebody is has one too."""
    return "是不是同一个人" if field == WHO else headings().get(field, field)


@cache
def _labels() -> dict[str, dict[str, str]]:
    """The first word of each code, by field."""
    found: dict[str, dict[str, str]] = {}
    for key, known in words().items():
        name = {"returned_at": "return_period"}.get(key, key)
        for word, code in known.items():
            found.setdefault(name, {}).setdefault(code, word)
    return found


def _undecided(session: Session, vault: Vault, number: int) -> tuple[Difference, Entry]:
    listed_people.one_at_a_time(session)
    difference = imports.difference(session, vault, number)
    if difference is None:
        raise DecisionRefused(f"没有编号 {number} 的不同")
    if difference.state is not DifferenceState.OPEN:
        who = "按谁说的先后" if difference.decided_by == imports.BY_RANK else difference.decided_by
        raise DecisionRefused(f"编号 {number} 已经定过了（{who}）")
    entry = listed_people.one(session, vault, difference.person_id)
    if entry is None or entry.status in GONE:
        raise DecisionRefused(f"编号 {number} 说的人已经退出登记，不用再定")
    return difference, entry


def _hold(
    session: Session, vault: Vault, difference: Difference, entry: Entry, at: datetime
) -> None:
    name = difference.field
    told = {name: difference.new, **difference.also}
    hold(entry, {name: difference.new} if name in entry.codes else {}, told)
    if name in _PLACE:
        entry.town = entry.village = ""
    entry.prints = prints.of(vault, entry.texts, entry.area)
    listed_people.amend_all(session, vault, [entry], at=at)
    if name in _PLACE:
        villages.lodge(session, vault, entry.id)
    origin = Origin(vault, difference.decided_by, at)
    listed_people.remember(session, [remembered(entry, origin, difference.source, told)])


def _again(difference: Difference, vault: Vault, by: str, at: datetime) -> tuple[Any, Origin]:
    one, basis, source = unpack(difference.new)
    return one, Origin(vault, by, at, source, basis, difference.run_id)


def _actor(by: str) -> str:
    return f"staff:{by}"[:60]
