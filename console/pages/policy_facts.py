"""What an entry says, field by field, and what two of its versions say otherwise."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher, unified_diff

from markupsafe import Markup, escape

from console.pages import policy_editing as editing
from console.pages import policy_shelf as shelf
from knowledge.exchange import lines
from knowledge.exchange.columns import Column
from knowledge.exchange.values import Papers

_NAMED = re.compile(r"\{([\w-]+)\}")
_PIECES = re.compile(r"[0-9.,]+|[A-Za-z]+|.", re.S)  # a figure is marked whole
_FIRST, _LAST = ("title", "answer", "detail", "figures", "rules", "conditions"), "asked_as"


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an entry in two versions."""

    heading: str
    before: Markup
    after: Markup


def facts_of(text: str, papers: Papers) -> list[tuple[str, list[str]]]:
    """The fields that are filled in, each with its lines; the wordings come last."""
    data = shelf.data_of(text)
    figures, rules = data.get("figures"), data.get("rules")
    known = figures if isinstance(figures, dict) else {}
    rows = [
        row.split(lines.BAR, 4) for row in lines.figure_lines(known, papers.figures).splitlines()
    ]
    named = {name: printed for name, *_, printed in rows}
    shown = {
        c.key: (editing.HEADINGS[c.key], _said_lines(c, data.get(c.key), named))
        for c in editing.FIELDS
    }
    source = papers.labels.get(str(data.get("source", "")), "")
    shown["source"] = ("依据文件", [source] if source else [])
    shown["figures"] = ("数字", [_figure(*row) for row in rows])
    who = [editing.rule_words(r, known) for r in rules] if isinstance(rules, list) else []
    shown["rules"] = ("谁符合", who)
    order = dict.fromkeys([*_FIRST, *shown])
    return [shown[key] for key in order if key != _LAST and shown[key][1]] + [
        shown[key] for key in (_LAST,) if shown[key][1]
    ]


def _figure(name: str, value: str, unit: str, bound: str, printed: str) -> str:
    return f"{name}：{bound} {value} {unit}，原文“{printed}”"


def _said_lines(column: Column, value: object, figures: Mapping[str, str]) -> list[str]:
    """As a reader is told it: {name} stands for a figure."""
    if isinstance(value, str):
        value = _NAMED.sub(lambda found: figures.get(found[1]) or found[0], value)
    if isinstance(value, list):
        return [_NAMED.sub(lambda found: figures.get(found[1]) or found[0], one) for one in value]
    if isinstance(value, dict):
        return [f"{name}：{why}" for name, why in value.items()]
    text = str(value or "")
    return [column.labels.get(text, text)] if column.labels and text else text.splitlines()


def changes(before: str, after: str, papers: Papers) -> list[Change]:
    """The fields that differ, what went and what came marked."""
    old, new = dict(facts_of(before, papers)), dict(facts_of(after, papers))
    headings = [h for h in dict.fromkeys([*old, *new]) if old.get(h) != new.get(h)]
    return [
        Change(h, *_marked("\n".join(old.get(h, [])), "\n".join(new.get(h, [])))) for h in headings
    ]


def _marked(old: str, new: str) -> tuple[Markup, Markup]:
    before, after = Markup(), Markup()
    were, are = _PIECES.findall(old), _PIECES.findall(new)
    for tag, i, j, k, m in SequenceMatcher(None, were, are, autojunk=False).get_opcodes():
        is_same = tag == "equal"
        gone, came = escape("".join(were[i:j])), escape("".join(are[k:m]))
        before += gone if is_same or not gone else Markup("<del>") + gone + Markup("</del>")
        after += came if is_same or not came else Markup("<ins>") + came + Markup("</ins>")
    return before, after


def changed_lines(before: str, after: str) -> list[tuple[str, str]]:
    """Of a page that is no entry: what went (-) and what came (+), with a line around each."""
    rows = unified_diff(before.splitlines(), after.splitlines(), n=1, lineterm="")
    return [(row[0], row[1:]) for row in rows if not row.startswith(("---", "+++"))]
