"""How far a target is reached, beside how much of its time is gone; and where that leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

_HUNDRED = 100
_EARLY = 10.0  # percent of the span: before that a forecast is a guess
HOW = (
    "时间进度＝已过天数÷总天数；预计＝实际÷时间进度，就是照现在的快慢干到期末有多少；"
    "时间不到一成不估，期末过了不估。"
)
NO_TARGET = "无目标"


@dataclass(frozen=True, slots=True)
class Pace:
    """Percents to a tenth; None where nothing can be said."""

    gone: float
    reached: float | None
    forecast: int | None

    @property
    def words(self) -> str:
        """In a few words: whether it keeps up with the time."""
        if self.reached is None:
            return ""
        behind = round(self.gone - self.reached, 1)
        if behind <= 0:
            return "跟上了"
        return f"落后{behind:g}个百分点"


def pace(target: int | None, actual: int | None, first: date, last: date, day: date) -> Pace:
    """The pace of a target on a day."""
    gone = _gone(first, last, day)
    reached = _percent(actual, target) if target and actual is not None else None
    is_open = _EARLY <= gone < _HUNDRED and actual is not None
    forecast = round(actual * _HUNDRED / gone) if is_open and actual is not None else None
    return Pace(gone, reached, forecast)


def _gone(first: date, last: date, day: date) -> float:
    whole = (last - first + timedelta(days=1)).days
    past = (day - first + timedelta(days=1)).days
    return round(_HUNDRED * min(max(past, 0), whole) / whole, 1)


def _percent(actual: int, target: int) -> float:
    return round(_HUNDRED * actual / target, 1)
