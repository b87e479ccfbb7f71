"""The targets that papers print: figures by area and span, and rules to work them out by."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from knowledge.pages import Fault

NAME = "targets.toml"
Root = Traversable | Path
KINDS = ("target", "base")
UNITS = ("人", "户", "个", "元")
_CODE = re.compile(r"\d{6}(?:-[a-z]{2})?|X")
_TIMES = 3  # a three-year figure is three times that of a year, where the paper says both
_CHECKED = frozenset({"projects", "roadshow_training", "cases"})  # of 附件3


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure as a paper prints it; None is a blank cell, which is not 0."""

    kind: str
    area: str
    measure: str
    first: int
    last: int
    unit: str
    value: int | None
    source: str
    as_printed: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A target of every year: a share of a base, or a figure for each county."""

    area: str
    measure: str
    unit: str
    source: str
    as_printed: str
    percent: int = 0
    base: str = ""
    value: int | None = None
    is_each: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the papers of one area print."""

    area: str
    figures: tuple[Printed, ...]
    rules: tuple[Rule, ...]


@cache
def sheets() -> Mapping[str, Sheet]:
    """The sheets by the code of their area."""
    read = (_read(tomllib.loads(text)) for text in _texts().values())
    return {sheet.area: sheet for sheet in read}


def faults(root: Root | None = None) -> list[Fault]:
    """Every fault of every file of targets."""
    return [
        Fault(file, 1, fault)
        for file, text in sorted(_texts(root).items())
        for fault in faults_of(text)
    ]


def faults_of(text: str) -> Iterator[str]:
    """What is wrong in one file; totals that are no sums, three years that are not three years."""
    try:
        data = tomllib.loads(text)
        sheet = _read(data)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as fault:
        yield f"it cannot be read: {fault!r}"
        return
    for one in sheet.figures:
        yield from _wrong(one)
    for group in data.get("group", ()):
        yield from _wrong_total(group, str(data["area"]))
    yield from _odd_spans(sheet)


def _wrong(one: Printed) -> Iterator[str]:
    if one.kind not in KINDS:
        yield f"{one.kind!r} is no kind: there are {', '.join(KINDS)}"
    if one.unit not in UNITS:
        yield f"{one.unit!r} is no unit: there are {', '.join(UNITS)}"
    if not _CODE.fullmatch(one.area):
        yield f"{one.area!r} is no area's code"
    if one.first > one.last:
        yield f"{one.measure}: {one.first} comes after {one.last}"
    if one.value is not None and one.value < 0:
        yield f"{one.measure}: {one.value} is below 0"


def _wrong_total(group: Mapping[str, Any], area: str) -> Iterator[str]:
    values = {str(code): value for code, value in group["values"].items()}
    total = values.pop(area, None)
    if values and total is not None and sum(values.values()) != total:
        yield f"{group['measure']}: the parts sum up to {sum(values.values())}, not {total}"


def _odd_spans(sheet: Sheet) -> Iterator[str]:
    known = {
        (one.area, one.measure, one.source, one.last - one.first): one.value
        for one in sheet.figures
        if one.measure in _CHECKED and one.value is not None
    }
    for (area, measure, source, years), value in known.items():
        whole = known.get((area, measure, source, _TIMES - 1))
        if years == 0 and whole is not None and not is_plain(value, whole):
            yield f"{measure} of {area}: {whole} in three years is not three times {value}"


def is_plain(year: int | None, span: int | None) -> bool:
    """Whether a three-year figure is three times the year's: where not, a cell was misread."""
    return year is None or span is None or span == _TIMES * year


def _texts(root: Root | None = None) -> dict[str, str]:
    packs = root or files("knowledge").joinpath("packs")
    found = (folder.joinpath(NAME) for folder in packs.iterdir() if folder.is_dir())
    return {str(file): file.read_text("utf-8") for file in found if file.is_file()}


def _read(data: Mapping[str, Any]) -> Sheet:
    area = str(data["area"])
    figures = tuple(one for group in data.get("group", ()) for one in _figures(group))
    rules = tuple(_rule(area, row) for row in data.get("rule", ()))
    return Sheet(area, figures, rules)


def _figures(group: Mapping[str, Any]) -> Iterator[Printed]:
    values = {**group["values"], **dict.fromkeys(group.get("none", ()))}
    for code, value in values.items():
        yield Printed(
            kind=group.get("kind", "target"),
            area=str(code),
            measure=group["measure"],
            first=int(group["first"]),
            last=int(group["last"]),
            unit=group["unit"],
            value=None if value is None else int(value),
            source=group["source"],
            as_printed=group["printed"],
            note=group.get("note", ""),
        )


def _rule(area: str, row: Mapping[str, Any]) -> Rule:
    return Rule(
        area=area,
        measure=row["measure"],
        unit=row["unit"],
        source=row["source"],
        as_printed=row["printed"],
        percent=int(row.get("percent", 0)),
        base=row.get("base", ""),
        value=row.get("value"),
        is_each=bool(row.get("each", False)),
        note=row.get("note", ""),
    )
