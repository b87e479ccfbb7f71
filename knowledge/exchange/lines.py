"""Figures, rules and the wordings of a silence as lines that can be read and edited in a cell."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from knowledge.entry import SLOTS, Bound
from knowledge.exchange.labels import (
    ATTRIBUTES,
    BOUNDS,
    DEFINED,
    OPERATORS,
    TRUTHS,
    WORDS_OF,
    meant,
)
from knowledge.numerals import digits, plain

BAR = "｜"
_BARS = re.compile("[｜|]")
FIGURE_FORM = "名称｜数值｜单位｜口径｜原文"
RULE_FORM = "项目｜比法｜值｜写清没有｜原文"
ASKED_FORM = "方面：问法"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
SAME = "同"
_SAME_AS = re.compile(rf"(.*?)\s*{SAME}\s*([a-z0-9-]+\.[A-Za-z_][A-Za-z0-9_]*)")
_VALUE_OF = re.compile(rf"{SAME}\s*([A-Za-z_][A-Za-z0-9_]*)")
Figures = Mapping[str, Mapping[str, Any]]
NOWHERE: Figures = {}


class LineFault(ValueError):
    """A cell or a line in it that cannot be read; the message says what is wrong and the mend."""


def lines_of(text: str) -> list[str]:
    """The lines of a cell, without blanks around them and empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def figure_lines(figures: Figures, elsewhere: Figures = NOWHERE) -> str:
    """Each figure on a line of its own; `elsewhere` are those of other entries, by reference."""
    return "\n".join(_figure_line(name, figure, elsewhere) for name, figure in figures.items())


def _figure_line(name: str, figure: Mapping[str, Any], elsewhere: Figures) -> str:
    reference = figure.get("same_as", "")
    whole = {**elsewhere.get(reference, {}), **figure}
    number = _shown_number(whole) + (f" {SAME} {reference}" if reference else "")
    bound = BOUNDS[Bound(whole.get("bound", Bound.EXACT))]
    return BAR.join((name, number.strip(), whole.get("unit", ""), bound, whole.get("printed", "")))


def _shown_number(figure: Mapping[str, Any]) -> str:
    value = figure.get("value")
    return "" if value is None else plain(Decimal(str(value)))


def read_figures(text: str, elsewhere: Figures = NOWHERE) -> dict[str, dict[str, Any]]:
    """Name → figure, as in the entry format."""
    figures: dict[str, dict[str, Any]] = {}
    for line in lines_of(text):
        figure = _referring(line, elsewhere) or _figure(line)
        name = _BARS.split(line, 1)[0].strip()
        if not _NAME.fullmatch(name):
            raise LineFault(f"数字的名称“{name}”要用英文字母，答复里用{{名称}}引用它")
        if name in figures:
            raise LineFault(f"数字的名称“{name}”用了两次，请换一个名称")
        figures[name] = figure
    return figures


def _figure(line: str) -> dict[str, Any]:
    _, number, unit, bound, printed = _parts(line, FIGURE_FORM)
    figure: dict[str, Any] = {"value": _number(number)} if number else {}
    return figure | {"unit": unit, "bound": _bound(bound), "printed": printed}


def _referring(line: str, elsewhere: Figures) -> dict[str, Any] | None:
    """A figure that stands in another entry: only the bound may be another one here."""
    _, value, unit, bound, printed = ([p.strip() for p in _BARS.split(line, 4)] + [""] * 4)[:5]
    found = _SAME_AS.fullmatch(unicodedata.normalize("NFKC", value))
    if found is None:
        return None
    there = elsewhere.get(found[2], {})
    shown = (found[1], unit, printed)
    stands = (_shown_number(there), there.get("unit", ""), there.get("printed", ""))
    if any(ours and ours != theirs for ours, theirs in zip(shown, stands, strict=True)):
        raise LineFault(
            f"这个数字{SAME} {found[2]}：请在那一条里改，别的条目会跟着变；"
            f"要在这里另写一个，就去掉“{SAME} …”"
        )
    kind = _bound(bound) if bound else ""
    own = kind and kind != there.get("bound", Bound.EXACT)
    return {"same_as": found[2]} | ({"bound": kind} if own else {})


def _bound(text: str) -> str:
    kind = meant(BOUNDS, text)
    if kind is None:
        raise LineFault(f"“{text}”不是口径，请从这些里选：{'、'.join(BOUNDS.values())}")
    return kind


def _parts(line: str, form: str) -> list[str]:
    """The five parts of a line; the last, the paper's own words, may hold bars itself."""
    parts = [part.strip() for part in _BARS.split(line, 4)]
    if len(parts) < 5:
        raise LineFault(f"“{line}”少了几段，一行要写成：{form}")
    return parts


def _number(text: str) -> int | float:
    """A number however it is written: 100000, １０万, 十万, 1,000."""
    spelled = digits(unicodedata.normalize("NFKC", text).replace(" ", "").lower())
    if not _NUMBER.fullmatch(spelled):
        raise LineFault(f"“{text}”不是数值；文件没写数字的，数值空着，口径写“没写”")
    return float(spelled) if "." in spelled else int(spelled)


def rule_lines(rules: Sequence[Mapping[str, Any]]) -> str:
    """Each rule on a line of its own."""
    return "\n".join(map(_rule_line, rules))


def _rule_line(rule: Mapping[str, Any]) -> str:
    attr = rule.get("attr", "")
    shown = (
        ATTRIBUTES.get(attr, attr),
        OPERATORS.get(rule.get("op", ""), rule.get("op", "")),
        f"{SAME} {rule['value_of']}" if "value_of" in rule else _shown(attr, rule.get("value")),
        DEFINED[bool(rule.get("defined", True))],
        rule.get("printed", ""),
    )
    return BAR.join(shown)


def _shown(attr: str, value: object) -> str:
    if isinstance(value, list):
        return "、".join(_shown(attr, one) for one in value)
    if isinstance(value, bool):
        return TRUTHS[value]
    return WORDS_OF.get(attr, {}).get(str(value), str(value))


def read_rules(text: str) -> list[dict[str, Any]]:
    """The rules, as in the entry format."""
    return [_rule(line) for line in lines_of(text)]


def _rule(line: str) -> dict[str, Any]:
    shown, compared, value, clear, printed = _parts(line, RULE_FORM)
    attr = meant(ATTRIBUTES, shown) or shown
    if not _NAME.fullmatch(attr):
        raise LineFault(f"“{shown}”不是规则的项目，请从这些里选：{'、'.join(ATTRIBUTES.values())}")
    op = meant(OPERATORS, compared)
    if op is None:
        raise LineFault(f"“{compared}”不是比法，请从这些里选：{'、'.join(OPERATORS.values())}")
    if clear not in DEFINED.values():
        raise LineFault(f"“{clear}”要写“写清了”或者“没写清”")
    if not value:
        raise LineFault(f"“{line}”没写值，一行要写成：{RULE_FORM}")
    same = _VALUE_OF.fullmatch(unicodedata.normalize("NFKC", value))
    if same and printed:
        raise LineFault(f"值写了“{value}”，原文就空着：原文在那个数字里")
    told = {"value_of": same[1]} if same else {"value": _value(attr, op, value)}
    wording = {} if same else {"printed": printed}
    return {"attr": attr, "op": op} | told | wording | {"defined": clear == DEFINED[True]}


def _value(attr: str, op: str, text: str) -> object:
    if op == "in":
        return [_value(attr, "is", one.strip()) for one in text.split("、")]
    truths = {label: truth for truth, label in TRUTHS.items()}
    if op == "is" and text in truths:
        return truths[text]
    if op == "ge":
        return _number(text)
    return meant(WORDS_OF.get(attr, {}), text) or text


def asked_lines(asked: Mapping[str, Sequence[str]]) -> str:
    """The wordings of a silence, each with the side that it asks for."""
    return "\n".join(f"{slot}：{words}" for slot, lines in asked.items() for words in lines)


def read_asked(text: str) -> dict[str, list[str]]:
    """Side → wordings."""
    asked: dict[str, list[str]] = {}
    for line in lines_of(text):
        slot, mark, words = line.replace(":", "：", 1).partition("：")
        if not mark or slot.strip() not in SLOTS or not words.strip():
            raise LineFault(f"“{line}”要写成“{ASKED_FORM}”，比如“材料：要带什么材料”")
        asked.setdefault(slot.strip(), []).append(words.strip())
    return asked


def reason_lines(reasons: Mapping[str, str]) -> str:
    """The entries whose figures may differ from this one's, each with the reason."""
    return "\n".join(f"{entry}：{why}" for entry, why in reasons.items())


def read_reasons(text: str) -> dict[str, str]:
    """Entry → reason."""
    reasons: dict[str, str] = {}
    for line in lines_of(text):
        entry, mark, why = line.replace(":", "：", 1).partition("：")
        if not mark or not why.strip():
            raise LineFault(f"“{line}”要写成“编号：原因”")
        reasons[entry.strip()] = why.strip()
    return reasons
