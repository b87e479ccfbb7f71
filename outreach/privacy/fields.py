"""What each table keeps of people, declared: no column without a purpose and readers (P-04)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from records.privacy_retention import Purpose


class Reader(StrEnum):
    """Who may read it."""

    SELF = "self"
    HELPER = "helper"
    VILLAGE = "village"
    TOWN = "town"
    COUNTY = "county"
    CITY = "city"
    HEAD = "head"
    STEWARD = "steward"
    PUBLICITY = "publicity"
    SYSTEM = "system"


READERS = {
    Reader.SELF: "本人",
    Reader.HELPER: "专员、导师",
    Reader.VILLAGE: "村干部",
    Reader.TOWN: "乡镇",
    Reader.COUNTY: "县",
    Reader.CITY: "市（合计）",
    Reader.HEAD: "站长",
    Reader.STEWARD: "群管",
    Reader.PUBLICITY: "宣传",
    Reader.SYSTEM: "程序自己用，没人看",
}
KEPT = {
    "person": "随登记一起删",
    "staff": "在岗期间",
    "office": "单位自己的工作材料",
    "project": "随项目下架",
    "group": "退群后清",
    "customer": "解除好友后清",
    "case": "收回为止",
    "count": "无名合计，长期",
    "stop": "本人收回为止",
    "trail": "至少3年",
    "days": "几天",
    "minutes": "几分钟",
}
_PERSONAL = frozenset({"person_id", "sealed", "payload", "conversation", "account", "chat"})


@dataclass(frozen=True, slots=True)
class Declared:
    """A table: why it is there, who reads it, how long; its columns about people, and the rest."""

    table: str
    purpose: str
    readers: tuple[Reader, ...]
    keep: str
    personal: tuple[str, ...]
    other: tuple[str, ...]


class FieldsError(Exception):
    """The declarations cannot be read; the message names the table and the fault."""


@cache
def declared() -> tuple[Declared, ...]:
    """Every table that keeps something of people. FieldsError where one is not whole."""
    return tuple(_declared(name, row) for name, row in _read().items() if name != "plain")


def plain() -> Mapping[str, Sequence[str]]:
    """The tables that keep nothing of people, with their columns."""
    return dict(_read().get("plain", {}))


def faults(columns: Mapping[str, Iterable[str]]) -> list[str]:
    """What of these tables, with their columns, is not declared, or declared and not there."""
    known = {one.table: {*one.personal, *one.other} for one in declared()}
    known |= {name: set(listed) for name, listed in plain().items()}
    found = [f"{name}: not declared" for name in columns if name not in known]
    found += [f"{name}: no such table" for name in known if name not in columns]
    for name, own in columns.items():
        of_table, there = known.get(name, set()), set(own)
        if name in known:
            found += [f"{name}.{column}: not declared" for column in sorted(there - of_table)]
            found += [f"{name}.{column}: no such column" for column in sorted(of_table - there)]
    for name, listed in plain().items():
        found += [f"{name}.{c}: is about people" for c in sorted(_PERSONAL & set(listed))]
    return found


@cache
def _read() -> Mapping[str, Any]:
    return tomllib.loads(files("outreach.privacy").joinpath("fields.toml").read_text("utf-8"))


def _declared(name: str, row: Mapping[str, Any]) -> Declared:
    if not row.get("purpose") or not row.get("readers"):
        raise FieldsError(f"{name}: a purpose and readers must be named")
    wrong = sorted(set(row["readers"]) - set(Reader))
    if wrong:
        raise FieldsError(f"{name}: nobody is called {wrong[0]}")
    if row.get("keep") not in {*KEPT, *Purpose}:
        raise FieldsError(f"{name}: keep must be a purpose or one of {', '.join(KEPT)}")
    return Declared(
        table=name,
        purpose=str(row["purpose"]),
        readers=tuple(Reader(one) for one in row["readers"]),
        keep=str(row["keep"]),
        personal=tuple(row.get("personal", ())),
        other=tuple(row.get("other", ())),
    )
