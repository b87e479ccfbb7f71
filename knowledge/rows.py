"""The rows of a table compared: which county has the most or the fewest, two of them together."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from knowledge.candidates import Candidate
from knowledge.entry import Entry, Figure
from knowledge.numerals import plain
from knowledge.understand import PERIODS, Frame

MOST_TOLD = 3  # rows of one answer
LEAST_ROWS = 3  # fewer make no table
_MOST, _LEAST = "多高大重", "少低小轻"
_WHICH = r"(?:哪|谁|什么地方|什么县)"
_END = re.compile(
    rf"{_WHICH}[^?]*?(?:最|第1)([{_MOST}{_LEAST}]?)|最([{_MOST}{_LEAST}])的?(?:是|又是|在)?(?:{_WHICH}|呢|$|\?)|垫底"
)
_PLACE = re.compile(r"(倒数)?第(\d)")
_TOGETHER = re.compile(r"加起来|合起来|加1起|合计|1共|总共|合共|[两俩2]个?(?:地方|县|区|家)共")
_APART = re.compile(r"比.*(?:多|少)|差(?:多少|几)|相差|差距")
_BY_FIRST = "（按前一个数算）"
_OURS = "我"
_FIGURE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Compared:
    """The rows to be told, after a line that says how they stand to each other."""

    line: str
    rows: tuple[Candidate, ...]


def compared(said: str, frame: Frame, candidates: Iterable[Candidate]) -> Compared | None:
    """What a question that compares the rows of a matter's table asks; None for any other."""
    places = frame.places | (frame.implied if len(frame.places) == 1 and _OURS in said else set())
    two = len(places) == 2
    is_sum, is_apart = bool(two and _TOGETHER.search(said)), bool(two and _APART.search(said))
    ordinal, end = _PLACE.search(said), _END.search(said)
    if not (is_sum or is_apart or end or (ordinal and re.search(_WHICH, said))):
        return None
    table = _table(frame, candidates)
    if two and (is_sum or is_apart):
        rows = [row for row in table if row.places <= places]
        return _pair(rows, is_sum=is_sum and not is_apart) if len(rows) == 2 else None
    if len(table) < LEAST_ROWS or frame.places:
        return None
    return _ranked(table, said)


def _table(frame: Frame, candidates: Iterable[Candidate]) -> list[Candidate]:
    """The table of the year asked about; without one, of the rows that tell most."""
    tables: dict[str, list[Candidate]] = {}
    for row in candidates:
        if row.entry and len(row.places) == 1 and _figure(row.entry):
            tables.setdefault(_title(row, row.entry), []).append(row)
    of_year = [t for name, t in tables.items() if set(PERIODS.findall(name)) == frame.periods]
    return max(of_year or tables.values(), key=_fullness, default=[])


def _title(row: Candidate, entry: Entry) -> str:
    """What the rows of one table have in common."""
    return entry.title.replace(min(row.places), "")


def _fullness(table: list[Candidate]) -> tuple[int, int]:
    return len(table), max(len(row.entry.figures) for row in table if row.entry)


def _figure(entry: Entry) -> Figure | None:
    """The first figure that its answer tells."""
    named = _FIGURE.search(entry.answer)
    figure = entry.figures.get(named.group(1)) if named else None
    return figure if figure and figure.value is not None else None


def _value(row: Candidate) -> Decimal:
    figure = _figure(row.entry) if row.entry else None
    assert figure is not None
    assert figure.value is not None
    return figure.value


def _ranked(table: list[Candidate], said: str) -> Compared | None:
    ordinal = _PLACE.search(said)
    is_least = bool(re.search(rf"最[{_LEAST}]|垫底|倒数", said))
    number = int(ordinal.group(2)) if ordinal else 1
    values = sorted(map(_value, table), reverse=not is_least)
    if not 1 <= number <= len(values):
        return None
    rows = [row for row in table if _value(row) == values[number - 1]][:MOST_TOLD]
    names = "、".join(min(row.places) for row in rows)
    what = (
        f"{'倒数' if is_least else ''}第{number}" if ordinal else f"最{'少' if is_least else '多'}"
    )
    return Compared(f"{what}的是{names}。", tuple(rows))


def _pair(rows: list[Candidate], *, is_sum: bool) -> Compared:
    more, less = sorted(rows, key=_value, reverse=True)
    figure = _figure(more.entry) if more.entry else None
    unit = figure.unit if figure else ""
    if more.entry and len(more.entry.figures) > 1:
        unit += _BY_FIRST
    if is_sum:
        return Compared(f"两处合计{plain(_value(more) + _value(less))}{unit}。", (more, less))
    gap, first, second = _value(more) - _value(less), min(more.places), min(less.places)
    line = f"{first}比{second}多{plain(gap)}{unit}。" if gap else f"{first}和{second}一样多。"
    return Compared(line, (more, less))
