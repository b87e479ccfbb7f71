"""A picture with its table: one function gives both, so that neither comes alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from console.pictures import bars, lines, steps, tiles
from console.pictures.marks import TEXT, Body, element, words
from console.pictures.said import aloud, figure
from outreach.reports.pictured.picture import Picture, Shape

_NAME = re.compile(r"[a-z][a-z0-9_-]*")

DRAWN: Mapping[Shape, Callable[[Picture], Body]] = {
    Shape.BARS: bars.bars,
    Shape.STACKED: bars.stacked,
    Shape.LINES: lines.lines,
    Shape.FUNNEL: steps.funnel,
    Shape.PACE: steps.pace,
    Shape.TILES: tiles.tiles,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows: the drawing, and every number as a table."""

    picture: Picture
    svg: Markup
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


def shown(picture: Picture) -> Shown:
    """The drawing and the table."""
    return Shown(picture, drawing(picture), _headings(picture), _rows(picture))


def drawing(picture: Picture) -> Markup:
    """SVG that says what it is; with nothing to draw the page says so itself."""
    if not _NAME.fullmatch(picture.name):
        raise ValueError(f"{picture.name!r} cannot name a picture: a-z, 0-9, - and _")
    body = DRAWN[picture.shape](picture)
    ids = f"{picture.name}-title", f"{picture.name}-desc"
    inside = element("title", words(picture.title) or " ", id_=ids[0])
    inside += element("desc", words(aloud(picture)), id_=ids[1])
    if body.definitions:
        inside += element("defs", body.definitions)
    return Markup(  # every text in it went through `words` or an attribute's quotes
        element(
            "svg",
            inside + body.inside,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {body.width:g} {max(body.height, 1):g}",
            role="img",
            aria_labelledby=" ".join(ids),
            class_=picture.shape.value,
            font_size=TEXT,
        )
    )


def _headings(picture: Picture) -> list[str]:
    unit = f"（{picture.unit.value}）" if picture.unit.value else ""
    numbers = [f"{one.name}{unit}" for one in picture.series]
    return [picture.heading, *numbers, *([picture.remarked] if picture.remarks else [])]


def _rows(picture: Picture) -> list[list[str]]:
    remarks = picture.remarks or [""] * len(picture.labels)
    found = []
    for at, label in enumerate(picture.labels):
        row = [label, *(figure(one.values[at]) for one in picture.series)]
        found.append([*row, remarks[at]] if picture.remarks else row)
    return found
