"""An entry as a form that an official fills in, and back, by the readers of the spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from knowledge.entry import Bound
from knowledge.exchange import lines, toml_text
from knowledge.exchange.cells import BLANK, Cell, Made
from knowledge.exchange.columns import COLUMNS, Block, Column, Shape
from knowledge.exchange.labels import ATTRIBUTES, BOUNDS, DEFINED, TRUTHS, WORDS_OF, meant
from knowledge.exchange.lines import BAR, LineFault
from knowledge.exchange.values import Papers, value_of
from knowledge.pages import Fault
from knowledge.reading import ENTRY_KEYS
from matching.conditions import from_rules
from matching.facts import FLAGS, NUMBERS, TITLES, Entity

Typed = Mapping[str, str]
Data = Mapping[str, Any]

COLUMN = {column.key: column for column in COLUMNS[Block.ENTRIES]}
_ROWS = ("figures", "rules")  # these have rows of fields of their own
FIELDS = tuple(c for c in COLUMN.values() if c.key not in ("id", "source", *_ROWS))
FIGURE = ("name", "value", "unit", "bound", "printed")
RULE = ("attr", "value", "defined", "printed")
SPARE = 1  # empty rows to fill in
MORE = 3  # at the press of a button
_MOST_ROWS = 60
_ROW_FIELD = re.compile(r"([a-z]+)-([0-9]{1,2})-([a-z]+)")
_BLANKS = re.compile(r"\s*\r?\n\s*")
_KEY = re.compile(r'\s*"?([A-Za-z_][\w-]*)"?\s*=')
_TABLE = re.compile(r'\s*\[+\s*"?([A-Za-z_]+)"?(?:\."?([\w-]+)"?)?\s*\]+')
_QUOTED = re.compile("“([a-z_]+)”")
HEADINGS = {key: column.heading for key, column in COLUMN.items()} | {
    **{"title": "老百姓问的是", "answer": "直接的回答", "detail": "多说几句"},
    **{"slot": "问它的哪一面", "who": "给谁的", "status": "算不算数"},
    **{"materials": "要带的材料", "where": "到哪里办", "agency": "哪个部门"},
    **{"place": "在文件的哪里", "valid_from": "从哪天起", "valid_until": "到哪天止"},
    **{"review_by": "哪天前要复核", "rules": "谁符合", "apart_from": "和哪几条数字可以不同"},
}  # as the form asks for them, and as a version is read
_WORDS = {
    **HEADINGS,
    **{"value": "数值", "unit": "单位", "bound": "口径", "printed": "原文", "op": "比法"},
    **{"attr": "项目", "same_as": "同别的条目", "value_of": "同上面的数字"},
}
_UNITS = {
    "headcount_incl_founder": "连本人至少 {} 人",
    "contracts_1y": "签一年以上合同的至少 {} 人",
    "months_operating": "经营满 {} 个月",
}
_CHOICES = {
    **WORDS_OF,
    "entity_type": {str(one): str(one) for one in Entity if one is not Entity.NONE},
}


def typed_of(data: Data, papers: Papers) -> dict[str, str]:
    """The fields of the form for an entry."""
    typed = {column.key: _shown(column, data.get(column.key)) for column in FIELDS}
    typed["source"] = str(data.get("source") or "")
    for number, row in enumerate(_figure_rows(data.get("figures") or {}, papers)):
        typed |= {f"figure-{number}-{key}": text for key, text in row.items()}
    for number, rule in enumerate(data.get("rules") or ()):
        typed |= {f"rule-{number}-{key}": text for key, text in _rule_row(rule).items()}
    return typed


def _shown(column: Column, value: Any) -> str:
    match column.shape:
        case Shape.LINES | Shape.WORDS:
            mark = "\n" if column.shape is Shape.LINES else "、"
            return mark.join(value or ())
        case Shape.REASONS:
            return lines.reason_lines(value or {})
    return str(value or "")


def _figure_rows(figures: lines.Figures, papers: Papers) -> Iterable[dict[str, str]]:
    for name, figure in figures.items():
        parts = lines.figure_lines({name: figure}, papers.figures).split(BAR, 4)
        row = dict(zip(FIGURE, parts, strict=True))
        yield row | {"bound": meant(BOUNDS, row["bound"]) or Bound.EXACT.value}


def _rule_row(rule: Mapping[str, Any]) -> dict[str, str]:
    parts = lines.rule_lines([rule]).split(BAR, 4)
    return {
        "attr": str(rule.get("attr", "")),
        "value": parts[2],
        "defined": "yes" if rule.get("defined", True) else "no",
        "printed": parts[4],
    }


def rows_of(typed: Typed, kind: str, spare: int = 0) -> int:
    """How many rows of a kind the form has, with some that are empty."""
    numbers = [int(n) for key in typed if (n := _number(key, kind)) and typed[key].strip()]
    return min(max(numbers, default=-1) + 1, _MOST_ROWS) + spare


def _number(key: str, kind: str) -> str:
    """The row that a field fills in; a choice that is always made fills in none."""
    found = _ROW_FIELD.fullmatch(key)
    return found[2] if found and found[1] == kind and found[3] not in ("bound", "defined") else ""


def data_of(typed: Typed, papers: Papers) -> tuple[dict[str, Any], dict[str, str]]:
    """The entry that was typed, and what is wrong with which field."""
    data: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for column in FIELDS:
        try:
            data[column.key] = value_of(column, _cell(typed.get(column.key, "")), papers)
        except LineFault as fault:
            faults[column.key] = str(fault)
    data["source"] = typed.get("source", "")
    data["figures"], wrong = _figures(typed, papers)
    faults |= wrong
    data["rules"], wrong = _rules(typed, data["figures"])
    return data, faults | wrong


def _cell(text: str) -> Cell:
    plain = text.replace("\r\n", "\n").strip()
    return Cell(plain, Made.TEXT) if plain else BLANK


def _figures(typed: Typed, papers: Papers) -> tuple[dict[str, Any], dict[str, str]]:
    found: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for number in range(rows_of(typed, "figure")):
        row = _row(typed, "figure", number, FIGURE)
        if not any(row[key] for key in FIGURE if key != "bound"):
            continue
        name = row["name"] or f"n{number + 1}"
        line = BAR.join((name, *(row[key] for key in FIGURE[1:])))
        try:
            if any(BAR in row[key] or "|" in row[key] for key in FIGURE[:4]):
                raise LineFault("这里不能有竖线")
            if name in found:
                raise LineFault(f"数字的名称“{name}”用了两次，请换一个名称")
            found |= lines.read_figures(line, papers.figures)
        except LineFault as fault:
            faults[f"figure-{number}"] = str(fault)
    return found, faults


def _rules(typed: Typed, figures: Data) -> tuple[list[dict[str, Any]], dict[str, str]]:
    found: list[dict[str, Any]] = []
    faults: dict[str, str] = {}
    for number in range(rows_of(typed, "rule")):
        row = _row(typed, "rule", number, RULE)
        if not (row["attr"] or row["value"] or row["printed"]):
            continue
        try:
            found.append(_rule(row, figures))
        except LineFault as fault:
            faults[f"rule-{number}"] = str(fault)
    return found, faults


def _row(typed: Typed, kind: str, number: int, keys: Sequence[str]) -> dict[str, str]:
    got = {key: typed.get(f"{kind}-{number}-{key}", "") for key in keys}
    return {key: _BLANKS.sub(" ", text).strip() for key, text in got.items()}


def _rule(row: Mapping[str, str], figures: Data) -> dict[str, Any]:
    attr, value = row["attr"], row["value"]
    if attr not in ATTRIBUTES:
        raise LineFault("请选看哪一项")
    if BAR in value or "|" in value:
        raise LineFault("这里不能有竖线")
    clear = DEFINED[row["defined"] != "no"]
    line = BAR.join((attr, _op(attr, value), value, clear, row["printed"]))
    rule = lines.read_rules(line)[0]
    if "value_of" in rule:
        if rule["value_of"] not in figures:
            raise LineFault(f"上面没有叫“{rule['value_of']}”的数字")
        return rule
    if not is_readable(rule):
        raise LineFault(f"“{ATTRIBUTES[attr]}”不能填“{value}”，{hint_of(attr)}")
    return rule


def _op(attr: str, value: str) -> str:
    if attr in FLAGS:
        return "is"
    if attr in NUMBERS:
        return "ge"
    return "has" if attr == TITLES else "in" if "、" in value else "is"


def is_readable(rule: Mapping[str, Any]) -> bool:
    """Whether a program can check it."""
    return all(clause.is_readable for clause in from_rules([_Rule(rule)]).clauses)


class _Rule:
    """A rule of a file, as conditions read it."""

    def __init__(self, rule: Mapping[str, Any]) -> None:
        self.attr: str = str(rule.get("attr", ""))
        self.op: str = str(rule.get("op", ""))
        self.value: object = rule.get("value")
        self.printed: str = str(rule.get("printed", ""))
        self.defined: bool = bool(rule.get("defined", True))


def hint_of(attr: str) -> str:
    """What may be filled in for an attribute."""
    if attr in FLAGS:
        return "要填“是”或“否”"
    if attr in NUMBERS:
        return "要填一个整数，不超过 600"
    if attr in _CHOICES:
        return f"可以填：{'、'.join(_CHOICES[attr].values())}；几个都行的用顿号隔开"
    return "填称号的全名，几个都行的用顿号隔开" if attr == TITLES else "请换一项"


def rule_words(rule: Mapping[str, Any], figures: Data) -> str:
    """A rule read back as a sentence."""
    attr, value = str(rule.get("attr", "")), rule.get("value")
    if "value_of" in rule:
        figure = figures.get(rule["value_of"]) or {}
        value = figure.get("printed") or figure.get("same_as") or rule["value_of"]
    label = ATTRIBUTES.get(attr, attr)
    if attr in FLAGS:
        said = f"{label}：{'是' if value else '不是'}"
    elif attr in _UNITS:
        said = _UNITS[attr].format(value)
    else:
        several = value if isinstance(value, list) else [value]
        said = f"{label}：{'或'.join(_called(attr, one) for one in several)}"
    unclear = "" if rule.get("defined", True) else "（文件没写清，机器人不下结论，请对方问部门）"
    return said + unclear


def _called(attr: str, value: object) -> str:
    if isinstance(value, bool):
        return TRUTHS[value]
    return WORDS_OF.get(attr, {}).get(str(value), str(value))


def text_of(entry: str, data: Data) -> str:
    """The entry's file."""
    return toml_text.entry_text({"id": entry, **data}, ENTRY_KEYS)


def placed(faults: Iterable[Fault], path: str, text: str) -> tuple[dict[str, str], list[Fault]]:
    """The faults of a page at the fields of its form, and those that have none."""
    at_fields: dict[str, str] = {}
    others: list[Fault] = []
    for fault in faults:
        name = _field_at(text, fault.line) if fault.file == path else ""
        if name:
            at_fields.setdefault(name, spoken(fault))
        else:
            others.append(Fault(fault.file, fault.line, spoken(fault)))
    return at_fields, others


def spoken(fault: Fault) -> str:
    """A fault with the headings of the form in the place of the file's keys."""
    if fault.fault.endswith("没有文件“”"):
        return "请选依据文件"
    return _QUOTED.sub(lambda m: f"“{_WORDS.get(m.group(1), m.group(1))}”", fault.fault)


def _field_at(text: str, line: int) -> str:
    """The field that a line of the file belongs to."""
    table, name, rules, key = "", "", -1, ""
    names: list[str] = []
    for row in text.splitlines()[:line]:
        if found := _TABLE.fullmatch(row):
            table, name, key = found[1], found[2] or "", ""
            rules += table == "rules"
            if table == "figures":
                names.append(name)
        elif found := _KEY.match(row):
            key = found[1]
    match table:
        case "figures":
            return f"figure-{names.index(name)}"
        case "rules":
            return f"rule-{rules}"
        case "apart_from":
            return "apart_from"
    return {"figures": "", "id": "title"}.get(key, key)
