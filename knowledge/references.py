"""Figures that stand in one entry and are told in others: put in, and why they cannot be."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from knowledge.entry import Bound, Entry, Figure, Reference, Rule

ELSEWHERE = Figure(None, "", Bound.NOT_STATED, "")  # until it is put in
_MONTHS = {"个月": 1, "月": 1, "年": 12}
_PEOPLE = {"人": 1, "名": 1, "个": 1}
_COUNTED_IN = {
    "months_operating": _MONTHS,
    "headcount_incl_founder": _PEOPLE,
    "contracts_1y": {**_PEOPLE, "份": 1},
}


def joined(entry: Entry, others: Mapping[str, Entry]) -> Entry:
    """The entry with the figures that stand in others, in its conditions and rules as well.

    A condition tells a figure in the paper's own words: "正常经营1年以上".
    What cannot be found stays without a value; `misled` says why.
    """
    if not entry.same_as and not _repeats(entry):
        return entry
    figures = dict(entry.figures)
    for name, reference in entry.same_as.items():
        there = _there(reference, others)
        if there is not None:
            figures[name] = replace(there, bound=reference.bound or there.bound)
    printed = {name: figure.printed for name, figure in figures.items()}
    return replace(
        entry,
        figures=figures,
        conditions=tuple(text.format(**printed) for text in entry.conditions),
        rules=tuple(_rule(rule, figures) for rule in entry.rules),
    )


def _repeats(entry: Entry) -> bool:
    return any(rule.value_of for rule in entry.rules) or any("{" in c for c in entry.conditions)


def _there(reference: Reference, others: Mapping[str, Entry]) -> Figure | None:
    entry = others.get(reference.entry)
    if entry is None or reference.name in entry.same_as:
        return None
    return entry.figures.get(reference.name)


def _rule(rule: Rule, figures: Mapping[str, Figure]) -> Rule:
    """A rule with the number of its figure, in the unit that it is checked in."""
    figure = figures.get(rule.value_of)
    if figure is None:
        return rule
    times = _COUNTED_IN.get(rule.attr, {}).get(figure.unit)
    value = None if figure.value is None or times is None else _whole(figure.value * times)
    return replace(rule, value=value, printed=figure.printed)


def _whole(value: Decimal) -> int | None:
    return int(value) if value == int(value) else None


def users(entry: str, entries: Iterable[Entry]) -> list[Entry]:
    """The entries that tell a figure of this one, directly or by way of others."""
    found: dict[str, Entry] = {}
    others = {each.id: each for each in entries if each.id != entry}
    due = [entry]
    while due:
        name = due.pop()
        new = [e for e in others.values() if e.id not in found and _tells(e, name)]
        found |= {each.id: each for each in new}
        due += [each.id for each in new]
    return list(found.values())


def _tells(entry: Entry, other: str) -> bool:
    return any(reference.entry == other for reference in entry.same_as.values())


def misled(entry: Entry, others: Mapping[str, Entry], folder: str) -> Iterator[tuple[str, str]]:
    """(name, fault) of each figure that cannot be taken from where it is said to stand."""
    for name, reference in entry.same_as.items():
        fault = _fault(entry, reference, others, folder)
        if fault:
            yield name, f"{entry.id} 的数字“{name}”写着同 {reference}，{fault}"


def _fault(entry: Entry, reference: Reference, others: Mapping[str, Entry], folder: str) -> str:
    other = others.get(reference.entry)
    if reference.entry == entry.id:
        return "可那就是这一条自己：要写数值，或者写别的条目"
    if not reference.entry.startswith(f"{folder}-"):
        return "可那不是本地区的条目：只能同本地区的"
    if other is None:
        return "可没有这一条，或者它撤下了：改成在用的条目，或者写上数值"
    if reference.name in other.same_as:
        return f"可那里也写着同 {other.same_as[reference.name]}：要写有数值的那一条"
    if reference.name not in other.figures:
        return f"可那里没有这个数字，有的是：{'、'.join(other.figures) or '（没有）'}"
    return _outlived(entry, other)


def _outlived(entry: Entry, other: Entry) -> str:
    """Whether the figure would be told on a day on which its own entry is not served."""
    if other.valid_until and not (entry.valid_until and entry.valid_until <= other.valid_until):
        return f"可那一条只用到 {other.valid_until}：这一条也要写到那天为止，或者写上数值"
    if other.valid_from and not (entry.valid_from and entry.valid_from >= other.valid_from):
        return f"可那一条从 {other.valid_from} 才用：这一条也要从那天起，或者写上数值"
    return ""
