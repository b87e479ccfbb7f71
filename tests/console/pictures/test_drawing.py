"""Pictures: lengths in proportion, nothing outside, well-formed whatever stands in them."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from console.pictures.colours import COLOURS
from console.pictures.marks import fitting, length
from console.pictures.showing import DRAWN, drawing, shown
from outreach.reports.pictured.picture import Cell, Gone, Picture, Series, Shape
from outreach.reports.table import Unit

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = (
    "</svg><script>alert(1)</script>",
    "\"' onload=x & < > ]]> <!--",
    "\x00\x01\x1b\ud800\ufffe\u202e反过来",
    "很长的名字" * 40,
    "W" * 300,
    "",
    "😀👨‍👩‍👧 ＡＢＣ",
)


def picture(shape: Shape, *rows: tuple[Cell, ...], labels: tuple[str, ...] = ()) -> Picture:
    names = labels or tuple(f"第{at}项" for at in range(len(rows[0])))
    series = [Series(f"系列{at}", row) for at, row in enumerate(rows)]
    return Picture("one", shape, "标题", Unit.PEOPLE, "项", names, series, gone=0.5)


def parsed(found: Picture) -> Element:
    return ElementTree.fromstring(drawing(found))


def widths(found: Picture, kind: str = "bar") -> list[float]:
    return [
        float(one.get("width", "0")) for one in parsed(found).iter() if one.get("class") == kind
    ]


def made(seed: int) -> Picture:
    """A picture by lot: big and small numbers, gaps, hostile words."""
    draw = random.Random(seed)
    shape, count = list(Shape)[seed % len(Shape)], draw.choice((0, 1, 2, 3, 9, 40))
    rows = [tuple(_cell(draw) for _ in range(count)) for _ in range(draw.randint(2, 7))]
    words = [draw.choice((*HOSTILE, "湘乡市", "第一批")) for _ in range(count)]
    series = [Series(draw.choice(HOSTILE), row) for row in rows]
    unit = draw.choice(list(Unit))
    return Picture(
        "lot",
        shape,
        draw.choice(HOSTILE),
        unit,
        "项",
        words,
        series,
        gone=draw.choice((None, -1, 0.3, 7)),
    )


def _cell(draw: random.Random) -> Cell:
    cells: tuple[Cell, ...] = (0, 1, draw.randint(0, 10**9), draw.random(), *Gone)
    return draw.choice(cells)


@pytest.mark.parametrize("seed", range(140))
def test_whatever_is_drawn_is_well_formed_and_inside(seed: int) -> None:
    svg = parsed(made(seed))
    _, _, wide, high = map(float, svg.get("viewBox", "").split())
    for one in svg:
        for x, y in _corners(one):
            assert -0.01 <= x <= wide + 0.01
            assert -0.01 <= y <= high + 0.01


def _corners(one: Element) -> list[tuple[float, float]]:
    def at(name: str) -> float:
        return float(one.get(name, "0"))

    match one.tag.removeprefix(SVG):
        case "rect":
            return [(at("x"), at("y")), (at("x") + at("width"), at("y") + at("height"))]
        case "circle":
            return [
                (at("cx") - at("r"), at("cy") - at("r")),
                (at("cx") + at("r"), at("cy") + at("r")),
            ]
        case "line":
            return [(at("x1"), at("y1")), (at("x2"), at("y2"))]
        case "text":
            return _ends_of_text(one)
        case "path":
            found = [float(n) for n in re.findall(r"-?[\d.]+", one.get("d", ""))]
            return list(zip(found[::2], found[1::2], strict=True))
    return []


def _ends_of_text(one: Element) -> list[tuple[float, float]]:
    x, y, size = (float(one.get(name, "0")) for name in ("x", "y", "font-size"))
    long = length(one.text or "", int(size))
    start = {"start": x, "middle": x - long / 2, "end": x - long}[one.get("text-anchor", "start")]
    return [(start, y - size), (start + long, y)]


@pytest.mark.parametrize("shape", [Shape.BARS, Shape.FUNNEL, Shape.TILES])
def test_bars_are_as_long_as_numbers_are_big(shape: Shape) -> None:
    values = (1000, 500, 250, 10)
    found = widths(picture(shape, values))
    assert [one / found[0] for one in found] == pytest.approx([v / 1000 for v in values], abs=1e-3)


def test_parts_of_a_stacked_bar_share_one_scale() -> None:
    found = widths(picture(Shape.STACKED, (30, 10), (10, 40), (20, 50)))
    assert [one / found[0] for one in found] == pytest.approx(
        [1, 1 / 3, 2 / 3, 1 / 3, 4 / 3, 5 / 3], abs=1e-3
    )


def test_a_pace_has_all_targets_equally_long() -> None:
    found = picture(Shape.PACE, (10, 300, 5), (20, 200, Gone.NO_TARGET))
    half, over = widths(found)
    whole = widths(found, "target")
    assert (len(whole), half / whole[0], over / whole[1]) == pytest.approx((2, 0.5, 1.5), abs=1e-3)


def test_the_time_gone_stands_at_its_share_of_the_target() -> None:
    svg = parsed(picture(Shape.PACE, (10,), (20,)))
    time = next(one for one in svg.iter() if one.get("class") == "time")
    target = next(one for one in svg.iter() if one.get("class") == "target")
    left, wide = float(target.get("x", "0")), float(target.get("width", "0"))
    assert (float(time.get("x1", "0")) - left) / wide == pytest.approx(0.5, abs=1e-3)


def test_points_of_a_line_stand_as_high_as_numbers_are_big() -> None:
    svg = parsed(picture(Shape.LINES, (0, 50, 100)))
    heights = [float(one.get("cy", "0")) for one in svg.iter() if one.get("class") == "mark"]
    assert heights[0] - heights[1] == pytest.approx(heights[1] - heights[2], abs=0.02)


def test_a_line_has_a_gap_where_there_is_no_number() -> None:
    svg = parsed(picture(Shape.LINES, (1, 2, Gone.UNKNOWN, 4, 5)))
    path = next(one for one in svg.findall(f"{SVG}path") if one.get("fill") == "none")
    assert path.get("d", "").count("M") == 2


@pytest.mark.parametrize("colour", COLOURS)
def test_colours_stand_three_to_one_on_paper_and_on_black(colour: str) -> None:
    light = _light(colour)
    assert (1.05 / (light + 0.05) >= 3, (light + 0.05) / 0.05 >= 3) == (True, True)


def _light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    lines = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * lines[0] + 0.7152 * lines[1] + 0.0722 * lines[2]


@pytest.mark.parametrize("shape", list(Shape))
def test_no_text_is_smaller_than_twelve_pixels_on_the_smallest_phone(shape: Shape) -> None:
    svg = parsed(picture(shape, (1, 2), (3, 4)))
    scale = min(252 / float(svg.get("viewBox", "").split()[2]), 1)
    assert all(float(one.get("font-size", "0")) * scale >= 12 for one in svg.iter(f"{SVG}text"))


@pytest.mark.parametrize("shape", list(Shape))
def test_a_picture_says_what_it_is(shape: Shape) -> None:
    svg = parsed(picture(shape, (1, 2), (3, 4)))
    said = [svg.find(f"{SVG}{name}") for name in ("title", "desc")]
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == " ".join(
        one.get("id", "") for one in said if one is not None
    )


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_become_no_elements(hostile: str) -> None:
    found = picture(Shape.BARS, (1,), labels=(hostile,))
    svg = parsed(replace(found, title=hostile))
    assert {one.tag.removeprefix(SVG) for one in svg.iter()} <= {
        *("svg", "title", "desc", "defs", "pattern", "rect", "text", "path", "line")
    }


def test_series_differ_by_pattern_and_not_by_colour_alone() -> None:
    svg = parsed(picture(Shape.STACKED, (1,), (1,), (1,), (1,), (1,), (1,)))
    inks = [
        [part.get("d") for part in one.findall(f"{SVG}path")] for one in svg.iter(f"{SVG}pattern")
    ]
    assert len({str(ink) for ink in inks}) == 6


def test_every_number_stands_in_the_table() -> None:
    found = shown(picture(Shape.STACKED, (1200, Gone.FEW), (0, 2.5)))
    assert found.headings == ["项", "系列0（人）", "系列1（人）"]
    assert found.rows == [["第0项", "1,200", "0"], ["第1项", "1—4", "2.5"]]


def test_a_name_that_could_not_be_an_id_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot name a picture"):
        drawing(replace(picture(Shape.BARS, (1,)), name='x" onload="'))


def test_a_text_is_cut_to_its_room() -> None:
    assert fitting("湘乡市的村", 40) == "湘乡…"


def test_every_shape_is_drawn() -> None:
    assert set(DRAWN) == set(Shape)
