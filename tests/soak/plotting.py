"""Lines over a common axis, as an SVG that reads on light and dark ground."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_WIDE, _HIGH, _LEFT, _TOP, _RIGHT = 640, 200, 60, 30, 130
_COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8c8c00", "#888888")


@dataclass(frozen=True, slots=True)
class Line:
    """Points in order of x."""

    name: str
    points: Sequence[tuple[float, float]]


def panels(lines: Mapping[str, Sequence[Line]], axis: str) -> str:
    """One panel below the other, each named by its unit; `axis` is what all share."""
    height = len(lines) * (_HIGH + 2 * _TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _WIDE + _RIGHT} {height}"'
        ' font-family="sans-serif" font-size="12" fill="#777777">'
    ]
    for number, (unit, drawn) in enumerate(lines.items()):
        parts.append(f'<g transform="translate({_LEFT},{number * (_HIGH + 2 * _TOP) + _TOP})">')
        parts += _panel(unit, axis, [line for line in drawn if line.points])
        parts.append("</g>")
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panel(unit: str, axis: str, lines: Sequence[Line]) -> Iterator[str]:
    right = max((x for line in lines for x, _ in line.points), default=0) or 1
    top = max((y for line in lines for _, y in line.points), default=0) or 1
    yield f'<text x="0" y="-8">{unit}</text>'
    yield f'<text x="{_WIDE}" y="{_HIGH + 18}" text-anchor="end">{axis}</text>'
    for tick in range(5):
        y = _HIGH * (1 - tick / 4)
        yield f'<path d="M0 {y:.0f}H{_WIDE}" stroke="#7775" fill="none"/>'
        yield f'<text x="-6" y="{y + 4:.0f}" text-anchor="end">{top * tick / 4:.0f}</text>'
        x = _WIDE * tick / 4
        yield f'<text x="{x:.0f}" y="{_HIGH + 18}">{right * tick / 4:.0f}</text>'
    for number, line in enumerate(lines):
        colour = _COLOURS[number % len(_COLOURS)]
        points = " ".join(
            f"{_WIDE * x / right:.1f},{_HIGH * (1 - y / top):.1f}" for x, y in line.points
        )
        yield f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>'
        yield f'<text x="{_WIDE + 8}" y="{14 * (number + 1)}" fill="{colour}">{line.name}</text>'
