"""What pictures are made of: elements of SVG, every text escaped and kept within its room."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

WIDTH = 252  # units: as many pixels as a card has on a phone of 320, so that no text is below 12
EDGE = 4
TEXT = 13
SMALL = 12
_WIDE = frozenset("WFA")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"})

Drawn = str


@dataclass(frozen=True, slots=True)
class Body:
    """The inside of a picture and how high it is; `definitions` are its patterns."""

    inside: Drawn
    height: float
    width: float = WIDTH
    definitions: Drawn = ""


def element(name: str, inside: Drawn = "", /, **attributes: str | float) -> Drawn:
    """An element; `font_size` is the attribute font-size, `id_` is id."""
    said = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(_plain(value))}"
        for key, value in attributes.items()
    )
    return f"<{name}{said}>{inside}</{name}>" if inside else f"<{name}{said}/>"


def words(text: str) -> Drawn:
    """A text as it may stand in XML: nothing that is unseen, turns the line or ends it."""
    return escape("".join(c for c in text if unicodedata.category(c) not in _UNSEEN))


def text(
    x: float, y: float, said: str, *, room: float, size: int = TEXT, anchor: str = "start"
) -> Drawn:
    """A line of text in the colour of the page's own words, cut to its room."""
    return element(
        "text",
        words(fitting(said, room, size)),
        x=x,
        y=y,
        font_size=size,
        text_anchor=anchor,
        fill="currentColor",
    )


def fitting(said: str, room: float, size: int = TEXT) -> str:
    """As much of a text as there is room for, with … where it was cut."""
    clean = "".join(c for c in said if unicodedata.category(c) not in _UNSEEN)
    if length(clean, size) <= room:
        return clean
    while clean and length(f"{clean}…", size) > room:
        clean = clean[:-1]
    return f"{clean}…" if clean else ""


def length(said: str, size: int = TEXT) -> float:
    """How long a text is at most: signs of Chinese are as wide as high."""
    return sum(size if unicodedata.east_asian_width(c) in _WIDE else size * 0.7 for c in said)


def rectangle(x: float, y: float, width: float, height: float, **more: str | float) -> Drawn:
    """A rectangle."""
    return element("rect", x=x, y=y, width=width, height=height, **more)


def line(x1: float, y1: float, x2: float, y2: float, **more: str | float) -> Drawn:
    """A line in the colour of the page's own words, or another."""
    return element(
        "line", **{"stroke": "currentColor", "x1": x1, "y1": y1, "x2": x2, "y2": y2, **more}
    )


def _plain(value: str | float) -> str:
    if isinstance(value, str):
        return "".join(c for c in value if unicodedata.category(c) not in _UNSEEN)
    return f"{value:.2f}".rstrip("0").rstrip(".")
