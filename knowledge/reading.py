"""Entry files read and validated: every fault with file, line and a plain sentence."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from knowledge.entry import (
    SLOTS,
    Bound,
    Document,
    Entry,
    Figure,
    Kind,
    Rule,
    Status,
    Unknown,
    figure_names,
)

_LINE = re.compile(r"\(at line (\d+)")
_DAY = re.compile(r"\d{4}(-\d{2}-\d{2})?")
_Enum = TypeVar("_Enum", bound=StrEnum)
OPS = frozenset({"is", "in", "ge", "has"})


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a content file, and where."""

    file: str
    line: int
    fault: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.fault}"


class EntryFault(ValueError):
    """A content file that cannot be used; the message says why and where."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


class Table:
    """A TOML table that collects faults instead of failing at the first."""

    def __init__(self, data: Mapping[str, Any], page: "Page", name: str = "") -> None:
        self.data = data
        self.page = page
        self.name = name

    def fault(self, key: str, fault: str) -> None:
        """Note a fault at the line of this key."""
        self.page.note(self.name, key, fault)

    def allow(self, *keys: str) -> None:
        """Report keys that mean nothing here, which are mostly misspelled ones."""
        for key in self.data.keys() - set(keys):
            self.fault(key, f"不认识的项“{key}”")

    def _of(self, key: str, kind: type | tuple[type, ...], empty: Any, *, needed: bool) -> Any:
        value = self.data.get(key)
        if value is None:
            if needed:
                self.fault(key, f"缺少“{key}”")
            return empty
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.fault(key, f"“{key}”的类型不对")
            return empty
        return value

    def text(self, key: str, *, needed: bool = True) -> str:
        """A string."""
        return str(self._of(key, str, "", needed=needed))

    def said(self, key: str) -> str:
        """A string that must not be empty."""
        text = self.text(key)
        if key in self.data and not text.strip():
            self.fault(key, f"“{key}”不能空着")
        return text

    def texts(self, key: str, *, needed: bool = True) -> tuple[str, ...]:
        """A list of strings."""
        values = self._of(key, list, [], needed=needed)
        if not all(isinstance(v, str) and v.strip() for v in values):
            self.fault(key, f"“{key}”里每一项都要是文字")
            return ()
        return tuple(values)

    def choice(self, key: str, kinds: type[_Enum], default: _Enum) -> _Enum:
        """One word of a closed list."""
        word = self.text(key)
        try:
            return kinds(word)
        except ValueError:
            if key in self.data:
                self.fault(key, f"“{key}”不能是“{word}”，只能是：{' '.join(kinds)}")
            return default

    def slot(self, key: str) -> str:
        """One of the closed list of slots, or none for what is only talk."""
        word = self.text(key)
        if word and word not in SLOTS:
            self.fault(key, f"“{word}”不在 slot 的清单里")
        return word

    def day(self, key: str) -> date | None:
        """A date, or nothing."""
        text = self.text(key, needed=False)
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.fault(key, f"“{key}”不是日期：{text}")
            return None

    def tables(self, key: str) -> list["Table"]:
        """A list of tables."""
        values = self._of(key, list, [], needed=False)
        return [Table(v, self.page, key) for v in values if isinstance(v, dict)]


class Page:
    """A content file: its text, its data, and the faults found in it."""

    def __init__(self, file: Traversable, path: str) -> None:
        self.path = path
        self.faults: list[Fault] = []
        self._text = ""
        self.top = Table(self._parsed(file), self)

    def _parsed(self, file: Traversable) -> dict[str, Any]:
        try:
            self._text = file.read_text("utf-8")
            return tomllib.loads(self._text)
        except UnicodeDecodeError as error:
            self.faults.append(Fault(self.path, 1, f"不是 UTF-8 文字：{error.reason}"))
        except tomllib.TOMLDecodeError as error:
            line = _LINE.search(str(error))
            number = int(line.group(1)) if line else self._text.count("\n") + 1
            self.faults.append(Fault(self.path, number, f"TOML 写错了：{error}"))
        return {}

    @property
    def is_parsed(self) -> bool:
        """Whether there is anything to validate."""
        return bool(self.top.data) or not self.faults

    def note(self, table: str, key: str, fault: str) -> None:
        """Keep a fault with the line of its key, or of its table where the key is missing."""
        self.faults.append(Fault(self.path, self._line(table, key), fault))

    def _line(self, table: str, key: str) -> int:
        lines = self._text.splitlines()
        start = _first(lines, 0, rf'\s*\[+"?{re.escape(table)}"?\]+') if table else 0
        found = _first(lines, start or 0, rf'\s*"?{re.escape(key)}"?\s*=')
        return (start or 0 if found is None else found) + 1


def _first(lines: list[str], start: int, pattern: str) -> int | None:
    matches = re.compile(pattern).match
    return next((i for i in range(start, len(lines)) if matches(lines[i])), None)


ENTRY_KEYS = [
    "id",
    "kind",
    "topic",
    "matter",
    "slot",
    "who",
    "title",
    "answer",
    "detail",
    "status",
    "conditions",
    "materials",
    "where",
    "agency",
    "phone",
    "source",
    "place",
    "valid_from",
    "valid_until",
    "review_by",
    "traps",
    "asked_as",
    "figures",
    "rules",
]


def read_entry(page: Page, area: str) -> Entry:
    """An entry as its file gives it; faults are left on the page."""
    top = page.top
    top.allow(*ENTRY_KEYS)
    figures = {name: _figure(t) for name, t in _named(top, "figures")}
    entry = Entry(
        id=top.said("id"),
        area=area,
        kind=top.choice("kind", Kind, Kind.POLICY),
        topic=top.said("topic"),
        matter=top.text("matter"),
        slot=top.slot("slot"),
        who=top.texts("who"),
        title=top.said("title"),
        answer=top.said("answer"),
        detail=top.text("detail"),
        status=top.choice("status", Status, Status.IN_FORCE),
        conditions=top.texts("conditions", needed=False),
        materials=top.texts("materials", needed=False),
        where=top.text("where", needed=False),
        agency=top.text("agency", needed=False),
        phone=top.text("phone", needed=False),
        source=top.text("source", needed=False),
        place=top.text("place", needed=False),
        valid_from=top.day("valid_from"),
        valid_until=top.day("valid_until"),
        review_by=top.day("review_by"),
        traps=top.texts("traps", needed=False),
        asked_as=top.texts("asked_as"),
        figures=figures,
        rules=tuple(_rule(t) for t in top.tables("rules")),
    )
    _check_placeholders(top, entry)
    return entry


def _named(top: Table, key: str) -> list[tuple[str, Table]]:
    tables = top.data.get(key, {})
    if not isinstance(tables, dict):
        top.fault(key, f"“{key}”的类型不对")
        return []
    return [
        (n, Table(t, top.page, f"{key}.{n}")) for n, t in tables.items() if isinstance(t, dict)
    ]


def _figure(table: Table) -> Figure:
    table.allow("value", "unit", "bound", "printed")
    bound = table.choice("bound", Bound, Bound.EXACT)
    value = table.data.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float | None):
        table.fault("value", "“value”要是数字")
        value = None
    if value is None and bound is not Bound.NOT_STATED and "value" not in table.data:
        table.fault("value", "缺少“value”；文件没写数字的，bound 写 not_stated")
    number = None if value is None else Decimal(str(value))
    return Figure(number, table.text("unit"), bound, table.said("printed"))


def _rule(table: Table) -> Rule:
    table.allow("attr", "op", "value", "printed", "defined")
    if table.data.get("op") not in OPS:
        table.fault("op", f"“op”只能是：{' '.join(sorted(OPS))}")
    defined = table.data.get("defined", True)
    return Rule(
        attr=table.said("attr"),
        op=table.text("op"),
        value=table.data.get("value"),
        printed=table.said("printed"),
        defined=bool(defined),
    )


def _check_placeholders(top: Table, entry: Entry) -> None:
    for key, text in (("answer", entry.answer), ("detail", entry.detail)):
        try:
            names = figure_names(text)
        except ValueError:
            top.fault(key, f"“{key}”里的花括号不成对")
            continue
        for name in sorted(names - entry.figures.keys()):
            top.fault(key, f"“{key}”用了没有定义的数字 {{{name}}}")


def read_document(table: Table, key: str) -> Document:
    """A paper of pack.toml."""
    table.allow("title", "number", "date", "issuer", "note")
    day = table.text("date", needed=False)
    if day and not _DAY.fullmatch(day):
        table.fault("date", f"日期要写成 YYYY 或 YYYY-MM-DD：{day}")
    return Document(
        key=key,
        title=table.said("title"),
        number=table.text("number", needed=False),
        date=day,
        issuer=table.text("issuer", needed=False),
        note=table.text("note", needed=False),
    )


def read_documents(top: Table) -> dict[str, Document]:
    """All papers of pack.toml, by key."""
    return {key: read_document(table, key) for key, table in _named(top, "documents")}


def read_unknowns(page: Page, area: str) -> tuple[Unknown, ...]:
    """The matters of unknowns.toml."""
    page.top.allow("unknown")
    return tuple(_unknown(table, area) for table in page.top.tables("unknown"))


def _unknown(table: Table, area: str) -> Unknown:
    table.allow("matter", "who", "slots", "agency", "source", "note", "asked_as")
    for slot in table.texts("slots"):
        if slot not in SLOTS:
            table.fault("slots", f"“{slot}”不在 slot 的清单里")
    asked = table.data.get("asked_as", {})
    return Unknown(
        area=area,
        matter=table.said("matter"),
        who=table.texts("who", needed=False),
        slots=table.texts("slots"),
        agency=table.text("agency", needed=False),
        source=table.text("source", needed=False),
        note=table.text("note", needed=False),
        asked_as={slot: tuple(lines) for slot, lines in asked.items()},
    )
