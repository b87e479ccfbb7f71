"""Targets against what was reached: of everything, and as 附件2 and 附件3 have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from outreach.calendars import CHINA
from outreach.reports import parts as areas
from outreach.reports import targets_known
from outreach.reports.parts import Level, Part, Parts
from outreach.reports.table import Asked
from outreach.reports.targets_known import Known
from outreach.reports.targets_measures import BY_NAME, Actuals, Span, counties
from outreach.reports.targets_pace import Pace, pace
from records.database import Session
from records.scope import is_local
from records.targets import Figure, Kind

_CITY = "00"


@dataclass(frozen=True, slots=True)
class Line:
    """A target with what was reached of it; `actual` None: nobody has typed it yet."""

    known: Known
    actual: int | None
    pace: Pace
    typed: Known | None = None  # the figure of staff that `actual` is, where no record holds it

    @property
    def figure(self) -> Figure:
        return self.known.figure


@dataclass(slots=True)
class Board:
    """The targets of an area and its counties, and what each measure came to in each span."""

    session: Session
    asked: Asked
    lines: tuple[Part, ...]  # the counties, or the county itself
    figures: list[Known]
    day: date
    _counted: dict[tuple[str, int, int], Actuals] = field(default_factory=dict)

    def actual(self, measure: str, area: str, first: int, last: int) -> int | None:
        """What was reached; as staff typed it, where no record holds it."""
        count = BY_NAME[measure].count
        if count is None:
            typed = self.typed(measure, area, first, last)
            return typed.figure.value if typed else None
        key = (measure, first, last)
        if key not in self._counted:
            span = self.span(first, last)
            self._counted[key] = count(self.session, self.asked, self._parts, span)
        found = self._counted[key]
        return sum(found.values()) if area == self.asked.area else found.get(area, 0)

    def line(self, known: Known) -> Line:
        """A target with its actual and pace."""
        one = known.figure
        actual = self.actual(one.measure, one.area, one.first_year, one.last_year)
        span = self.span(one.first_year, one.last_year)
        typed = self.typed(one.measure, one.area, one.first_year, one.last_year)
        its_pace = pace(one.value, actual, span.first, span.last, span.day)
        return Line(known, actual, its_pace, typed)

    def target(self, measure: str, area: str, *, is_span: bool, annex: str = "") -> Known | None:
        """The target of the year, or of the years around it; of one paper where several differ."""
        year = self.asked.period.first.year
        found = [
            one
            for one in self.targets()
            if (one.figure.measure, one.figure.area) == (measure, area)
            and one.figure.first_year <= year <= one.figure.last_year
            and (one.figure.last_year > one.figure.first_year) is is_span
        ]
        return max(found, key=lambda one: (annex in one.figure.source, one.number), default=None)

    def targets(self) -> list[Known]:
        """The targets that hold in the year, whoever says them."""
        year = self.asked.period.first.year
        return [
            one
            for one in self.figures
            if one.figure.kind is Kind.TARGET
            and one.figure.first_year <= year <= one.figure.last_year
        ]

    def span(self, first: int, last: int) -> Span:
        """Whole years, as far as they have been counted."""
        return Span(date(first, 1, 1), date(last, 12, 31), self.day)

    @property
    def _parts(self) -> Parts:
        return Parts(self.asked.area, Level.COUNTY, self.lines)

    def typed(self, measure: str, area: str, first: int, last: int) -> Known | None:
        """What staff typed as reached: of what no record of ours holds."""
        found = [
            one
            for one in self.figures
            if one.figure.place == (Kind.ACTUAL.value, area, measure, first, last)
        ]
        return max(found, key=lambda one: one.number, default=None)


def board(session: Session, asked: Asked) -> Board:
    """All that is known of the targets of an area in a year."""
    inside = counties(areas.parts(session, asked))
    is_city = bool(inside.parts)
    lines = tuple(one for one in inside.parts if not one.is_extra) if is_city else _itself(asked)
    codes = [asked.area, *(one.code for one in lines)]
    figures = targets_known.known(session, codes)
    year, city = asked.period.first.year, _city(asked.area)
    ruled = targets_known.by_rule(figures, city, [one.code for one in lines], year)
    typed = {one.figure.key for one in figures}
    figures += [one for one in ruled if one.figure.area in codes and one.figure.key not in typed]
    today = asked.now.astimezone(CHINA).date()
    return Board(session, asked, lines, figures, min(today, asked.period.last))


def _itself(asked: Asked) -> tuple[Part, ...]:
    return (Part(asked.area, areas.called(asked)),)


def _city(area: str) -> str:
    if is_local(area) or area.endswith(_CITY):
        return area
    return area.partition("-")[0] if "-" in area else f"{area[:4]}{_CITY}"


def names(board: Board) -> Mapping[str, str]:
    """What the area and its lines are called."""
    return {board.asked.area: areas.called(board.asked)} | {
        one.code: one.name for one in board.lines
    }


def odd_totals(board: Board, measure: str, *, is_span: bool, annex: str) -> Sequence[str]:
    """Said where the total that the paper prints is not what its parts sum up to."""
    whole = board.target(measure, board.asked.area, is_span=is_span, annex=annex)
    parts = [board.target(measure, one.code, is_span=is_span, annex=annex) for one in board.lines]
    told = [one.figure.value for one in parts if one and one.figure.value is not None]
    if whole is None or whole.figure.value is None or not told or len(board.lines) == 1:
        return ()
    if sum(told) == whole.figure.value:
        return ()
    title = BY_NAME[measure].title
    return (f"{title}：各县加起来{sum(told)}，合计一栏写的是{whole.figure.value}，请核对。",)
