"""Numbers as pictures and their tables say them."""

from __future__ import annotations

from outreach.reports.pictured.picture import Cell, Gone, Picture
from outreach.reports.table import Unit


def figure(value: Cell, unit: Unit = Unit.NONE) -> str:
    """1,234人; what is not known is said so."""
    if isinstance(value, Gone):
        return value.value
    return f"{bare(value)}{unit.value}"


def bare(value: float) -> str:
    """1,234 or 12.5."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}".removesuffix(".0")


def share(part: float, whole: float) -> str:
    """12.5%; "" where there is no whole."""
    return f"{bare(100 * part / whole)}%" if whole else ""


def aloud(picture: Picture, most: int = 12) -> str:
    """What somebody hears who does not see it."""
    parts = []
    for at, label in enumerate(picture.labels[:most]):
        said = "、".join(
            f"{one.name} {figure(one.values[at], picture.unit)}".strip() for one in picture.series
        )
        parts.append(f"{label}：{said}")
    rest = len(picture.labels) - most
    more = f"；还有{rest}项" if rest > 0 else ""
    return f"{'；'.join(parts) or '还没有数字'}{more}。全部数字在图下面的表里。"
