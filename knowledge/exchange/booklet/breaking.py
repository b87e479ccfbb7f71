"""Lines broken as Chinese is printed: no mark at a wrong end, no number torn apart."""

import re
import unicodedata
from collections.abc import Callable, Iterator

# What opens stays with what follows, what closes with what it follows.
_UNIT = re.compile(
    r"[（(《〈「『【〔\[“‘]*(?:[A-Za-z0-9][A-Za-z0-9.,%+/_:-]*|.)"
    r"[，。、；：？！）)》〉」』】〕\]”’％%…,.;:?!]*",
    re.DOTALL,
)
Measure = Callable[[str], float]


def broken(text: str, width: float, measure: Measure) -> list[str]:
    """The lines of a text, none wider than `width`; what is too wide alone is cut."""
    return [line for part in text.splitlines() for line in _of_part(part, width, measure)]


def _of_part(text: str, width: float, measure: Measure) -> Iterator[str]:
    line, filled = "", 0.0
    for unit in _units(text, width, measure):
        size = measure(unit)
        if line and filled + size > width:
            yield line.rstrip()
            line, filled, unit = "", 0.0, unit.lstrip()
        line, filled = line + unit, filled + size
    if line.strip():
        yield line.rstrip()


def _units(text: str, width: float, measure: Measure) -> Iterator[str]:
    for unit in _UNIT.findall(text):
        if measure(unit) <= width:
            yield unit
        else:
            yield from unit


def columns(text: str) -> float:
    """The width of a text on a screen: a Chinese character takes two columns."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
