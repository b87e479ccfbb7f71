"""Six colours with six patterns: the colour is never the only sign."""

from __future__ import annotations

from console.pictures.marks import Drawn, element, rectangle

# Each stands 3:1 and more against white and against black, so that dark and forced colours do.
COLOURS = ("#1f7a74", "#a8452c", "#8a6414", "#4a67b0", "#86508c", "#6b6b6b")
DASHES = ("none", "7 4", "2 3", "10 3 2 3", "4 4", "1 5")
_STEP = 8
_INKS = (
    "",
    "M0 8L8 0M-2 2L2 -2M6 10L10 6",
    "M0 4H8",
    "M4 0V8",
    "M0 0L8 8M-2 6L2 10M6 -2L10 2",
    "M0 4H8M4 0V8",
)


def colour(at: int) -> str:
    """Of the series at this place."""
    return COLOURS[at % len(COLOURS)]


def pattern(picture: str, at: int) -> Drawn:
    """The surface of a series, to be drawn once a picture."""
    inside = rectangle(0, 0, _STEP, _STEP, fill=colour(at))
    if ink := _INKS[at % len(_INKS)]:
        inside += element("path", d=ink, stroke="#ffffff", stroke_width=1.5, fill="none")
    return element(
        "pattern",
        inside,
        id_=f"{picture}-{at}",
        width=_STEP,
        height=_STEP,
        patternUnits="userSpaceOnUse",
    )


def patterns(picture: str, count: int) -> Drawn:
    """Those of so many series."""
    return "".join(pattern(picture, at) for at in range(count))


def surface(picture: str, at: int) -> dict[str, str | float]:
    """How the area of a series is filled: its pattern, and an outline for who sees no fill."""
    return {"fill": f"url(#{picture}-{at})", "stroke": colour(at), "stroke_width": 1}
