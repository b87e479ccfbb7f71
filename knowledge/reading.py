"""Content files read and validated: every fault with file, line and a plain sentence."""

import math
import re
from dataclasses import replace
from decimal import Decimal
from string import Formatter

from knowledge.entry import (
    SLOTS,
    Bound,
    Document,
    Entry,
    Figure,
    Kind,
    Reference,
    Rule,
    Status,
    Unknown,
    figure_names,
)
from knowledge.pages import EntryFault, Fault, Page, Table, day_of
from knowledge.phones import is_phone
from knowledge.references import ELSEWHERE, joined
from knowledge.wording import Wording

__all__ = ["EntryFault", "Fault", "Page", "Table"]

_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_YEAR = re.compile(r"(19|20|21)\d\d")
_REFERENCE = re.compile(r"[a-z0-9-]+\.[a-zA-Z_][a-zA-Z0-9_]*")
OPS = frozenset({"is", "in", "ge", "has"})
_LARGEST = 10**15  # of a figure: more is a slip of the keyboard

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
    "owner",
    "traps",
    "asked_as",
    "figures",
    "rules",
    "apart_from",
]


def read_entry(page: Page, area: str) -> Entry:
    """An entry as its file gives it; faults are left on the page."""
    top = page.top
    top.allow(*ENTRY_KEYS)
    tables = dict(top.named("figures"))
    references = {name: _reference(t) for name, t in tables.items() if "same_as" in t.data}
    figures = {n: ELSEWHERE if n in references else _figure(t) for n, t in tables.items()}
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
        owner=top.text("owner", needed=False),
        traps=top.texts("traps", needed=False),
        asked_as=top.texts("asked_as"),
        figures=figures,
        rules=tuple(_rule(t) for t in top.tables("rules")),
        apart_from=top.words("apart_from", needed=False),
        same_as=references,
    )
    _check_placeholders(top, entry)
    if entry.phone and not is_phone(entry.phone):
        top.fault("phone", f"“phone”不像电话号码：{entry.phone[:20]}。座机要带区号，没有就空着")
    if top.page.faults:
        return replace(entry, same_as={})  # not to be served: nothing is put in
    return entry if references else joined(entry, {})


def _figure(table: Table) -> Figure:
    table.allow("value", "unit", "bound", "printed")
    bound = table.choice("bound", Bound, Bound.EXACT)
    value = table.data.get("value")
    if value is not None and not _is_number(value):
        table.fault("value", "“value”要是数字，不能大得离谱")
        value = None
    if value is None and bound is not Bound.NOT_STATED and "value" not in table.data:
        table.fault("value", "缺少“value”；文件没写数字的，bound 写 not_stated")
    number = None if value is None else Decimal(str(value))
    return Figure(number, table.text("unit"), bound, table.said("printed"))


def _reference(table: Table) -> Reference:
    """A figure that stands in another entry; only its bound may be another one here."""
    table.allow("same_as", "bound")
    said = table.said("same_as")
    if said and not _REFERENCE.fullmatch(said):
        table.fault("same_as", "“same_as”要写成“条目编号.数字的名字”，比如 dingtao-loan-cap.cap")
    bound = table.choice("bound", Bound, Bound.EXACT) if "bound" in table.data else None
    return Reference(*said.partition(".")[::2], bound)


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and abs(value) <= _LARGEST


def _rule(table: Table) -> Rule:
    table.allow("attr", "op", "value", "value_of", "printed", "defined")
    if table.text("op") not in OPS:
        table.fault("op", f"“op”只能是：{' '.join(sorted(OPS))}")
    figure = table.text("value_of", needed=False)
    for key in ("value", "printed") if figure else ():
        if key in table.data:
            table.fault(key, f"写了“value_of”就不写“{key}”：数值和原文都在那个数字里")
    defined = table.data.get("defined", True)
    return Rule(
        attr=table.said("attr"),
        op=table.text("op"),
        value=table.data.get("value"),
        printed="" if figure else table.said("printed"),
        defined=bool(defined),
        value_of=figure,
    )


def _check_placeholders(top: Table, entry: Entry) -> None:
    _check_texts(top, entry)
    for rule in entry.rules:
        if rule.value_of and rule.value_of not in entry.figures:
            top.page.note("rules", "value_of", f"“value_of”用了没有定义的数字 {rule.value_of}")
    if set(entry.agency) & set("{}"):
        top.fault("agency", "“agency”里不能有花括号")
    for name in entry.figures:
        if not _NAME.fullmatch(name):
            top.fault(f"figures.{name}", f"数字的名字只能用英文字母、数字和下划线：{name}")


def _check_texts(top: Table, entry: Entry) -> None:
    conditions = (("conditions", text) for text in entry.conditions)
    for key, text in (("answer", entry.answer), ("detail", entry.detail), *conditions):
        try:
            names = figure_names(text)
        except ValueError:
            top.fault(key, f"“{key}”里的花括号不成对")
            continue
        for name in sorted(names - entry.figures.keys()):
            top.fault(key, f"“{key}”用了没有定义的数字 {{{name}}}")
        if not _is_plain(text):
            top.fault(key, f"“{key}”的花括号里只能写数字的名字")


def _is_plain(text: str) -> bool:
    """Whether every pair of braces holds a name and nothing else."""
    holes = [hole for hole in Formatter().parse(text) if hole[1] is not None]
    return all(name and not spec and not turned for _, name, spec, turned in holes)


def read_document(table: Table, key: str) -> Document:
    """A paper of pack.toml."""
    table.allow("title", "number", "date", "issuer", "note")
    day = table.text("date", needed=False)
    if day and not _YEAR.fullmatch(day) and day_of(day) is None:
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
    return {key: read_document(table, key) for key, table in top.named("documents")}


def read_unknowns(page: Page, area: str) -> tuple[Unknown, ...]:
    """The matters of unknowns.toml."""
    page.top.allow("unknown")
    return tuple(_unknown(table, area) for table in page.top.tables("unknown"))


def _unknown(table: Table, area: str) -> Unknown:
    table.allow("matter", "who", "slots", "agency", "source", "note", "asked_as")
    for slot in table.texts("slots"):
        if slot not in SLOTS:
            table.fault("slots", f"“{slot}”不在 slot 的清单里")
    return Unknown(
        area=area,
        matter=table.said("matter"),
        who=table.texts("who", needed=False),
        slots=table.texts("slots"),
        agency=table.text("agency", needed=False),
        source=table.text("source", needed=False),
        note=table.text("note", needed=False),
        asked_as=table.lists("asked_as"),
    )


def read_wording(page: Page) -> Wording:
    """How people speak, from common/wording.toml."""
    top = page.top
    top.allow("fillers", "openers", "everyday", "synonyms", "slots", "who", "dialect")
    return Wording(
        fillers=top.texts("fillers"),
        openers=top.texts("openers"),
        everyday=top.texts("everyday"),
        dialect=top.words("dialect"),
        synonyms=top.pairs("synonyms"),
        slots=top.pairs("slots"),
        who=top.pairs("who"),
    )
