"""Targets against what was reached, a picture for each measure: units are never mixed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from outreach.reports import targets
from outreach.reports.pictured.picture import Cell, Gone, Picture, Series, Shape
from outreach.reports.table import Asked
from outreach.reports.targets import Board, Line
from outreach.reports.targets_measures import MEASURES, Measure
from records.database import Session

_YEARS_NOTE = {False: "今年的目标", True: "几年一起算的目标"}


@dataclass(frozen=True, slots=True)
class _Row:
    """A place and the line of its target."""

    code: str
    place: str
    line: Line


def paces(session: Session, asked: Asked) -> list[Picture]:
    """Of each measure and span of years that has targets, its places side by side."""
    board = targets.board(session, asked)
    return [
        _picture(measure, rows, is_span=is_span)
        for measure in MEASURES
        for is_span in (False, True)
        if (rows := _rows(board, measure, is_span=is_span))
    ]


def _rows(board: Board, measure: Measure, *, is_span: bool) -> list[_Row]:
    """Those whose target is of the unit that the measure is counted in."""
    rows = []
    for code, place in targets.names(board).items():
        known = board.target(measure.name, code, is_span=is_span)
        if known is not None and known.figure.unit == measure.unit.value:
            rows.append(_Row(code, place, board.line(known)))
    return rows


def _picture(measure: Measure, rows: Sequence[_Row], *, is_span: bool) -> Picture:
    first = rows[0].line
    one = first.figure
    years = f"{one.first_year}—{one.last_year}年" if is_span else f"{one.first_year}年"
    return Picture(
        f"pace-{measure.name}{'-span' if is_span else ''}".replace("_", "-"),
        Shape.PACE,
        f"{measure.title}（{years}）",
        measure.unit,
        "地方",
        [row.place for row in rows],
        [
            Series("完成", [_actual(row.line) for row in rows]),
            Series("目标", [_target(row.line) for row in rows]),
        ],
        note=f"{_YEARS_NOTE[is_span]}。{measure.means}。",
        remarks=[row.line.pace.words or "—" for row in rows],
        remarked="跟上时间没有",
        gone=first.pace.gone / 100,
        keys=[row.code for row in rows],
    )


def _actual(line: Line) -> Cell:
    return Gone.UNKNOWN if line.actual is None else line.actual


def _target(line: Line) -> Cell:
    return Gone.NO_TARGET if line.figure.value is None else line.figure.value
