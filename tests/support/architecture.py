"""The pictures of docs/reference/architecture.md, drawn from contracts, imports and modules.

`python -m tests.support.architecture` writes them anew.
"""

from __future__ import annotations

import ast
import tomllib
from functools import cache
from html import escape
from pathlib import Path
from textwrap import wrap

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "reference" / "architecture"
_WIDE, _ROW = 360, 62
_STYLE = (
    "text{font:12px sans-serif;fill:#222}.n{font-weight:700;font-size:13px}"
    "rect{fill:#fff;stroke:#335;rx:4}.may{fill:#e6eef8;stroke:none}.no{fill:#f4f4f4;stroke:none}"
    "path,line{stroke:#335;fill:none}"
)

# The two paths: who acts, file and name; what a file is for is its own first line.
IN = (
    ("channels/webchat/channel.py", "WebChat.routes"),
    ("handlers/intake.py", "Door.receive"),
    ("handlers/catalog.py", "respond"),
    ("handlers/carrying_out.py", "apply"),
)
OUT = (
    ("scheduler/runner.py", "Runner.run"),
    ("scheduler/jobs/project_push.py", "run"),
    ("outreach/projects/pushing.py", "push"),
    ("outreach/pushes.py", "a_push"),
)
BOTH = (
    ("records/outbox.py", "enqueue"),
    ("channels/sender.py", "Sender.run"),
    ("channels/base.py", "Channel.send"),
)


def layers() -> list[list[str]]:
    """The packages from top to bottom, as the contract has them; neighbours stand in one row."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    told = next(one["layers"] for one in contracts if one["type"] == "layers")
    return [[name.strip() for name in row.split("|")] for row in told]


@cache
def imports() -> frozenset[tuple[str, str]]:
    """Which package of ours imports which, by some module."""
    ours = [name for row in layers() for name in row]
    return frozenset(
        (package, other)
        for package in ours
        for module in (ROOT / package).rglob("*.py")
        for other in _imported(module) & set(ours) - {package}
    )


def said_by(module: str) -> str:
    """The first sentence of a module."""
    told = ast.get_docstring(ast.parse((ROOT / module).read_text("utf-8"))) or ""
    return told.split("\n")[0]


def names_in(module: str) -> set[str]:
    """Functions and classes of a module, methods as Class.method."""
    tree = ast.parse((ROOT / module).read_text("utf-8"))
    found = {node.name for node in tree.body if isinstance(node, _DEFINED)}
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    return found | {
        f"{one.name}.{node.name}"
        for one in classes
        for node in one.body
        if isinstance(node, _DEFINED)
    }


def house() -> str:
    """The packages as storeys: a package may import what is below it."""
    drawn = [_storey(row, 8 + n * (_ROW + 14)) for n, row in enumerate(layers())]
    tall = len(drawn) * (_ROW + 14) + 8
    arrows = [_arrow(180, 8 + n * (_ROW + 14) + _ROW) for n in range(len(drawn) - 1)]
    return _picture("Ten packages, each above those that it may import", tall, [*drawn, *arrows])


def matrix() -> str:
    """Who imports whom: blue is allowed, a dot where some module does."""
    rows = layers()
    names = [name for row in rows for name in row]
    storey = {name: n for n, row in enumerate(rows) for name in row}
    side, left, top = 25, 84, 84
    drawn = []
    for y, one in enumerate(names):
        drawn.append(_text(left - 6, top + y * side + 17, one, 'text-anchor="end"'))
        turn = f"translate({left + y * side + 17},{top - 6}) rotate(-90)"
        drawn.append(_text(0, 0, one, f'transform="{turn}"'))
        for x, other in enumerate(names):
            kind = "may" if storey[one] < storey[other] else "no"
            at = f'x="{left + x * side}" y="{top + y * side}"'
            drawn.append(f'<rect class="{kind}" {at} width="{side - 1}" height="{side - 1}"/>')
            if (one, other) in imports():
                place = f'cx="{left + x * side + 12}" cy="{top + y * side + 12}"'
                drawn.append(f'<circle {place} r="5" fill="#335"/>')
    tall = top + len(names) * side + 8
    return _picture(
        "Who imports whom: rows import columns; blue is allowed, a dot is so", tall, drawn
    )


def paths() -> str:
    """A message in and a job, until both write to the outbox and leave by the same way."""
    drawn, y = [], 24
    for title, steps in (("A message in", IN), ("A job", OUT), ("Both: the way out", BOTH)):
        drawn.append(_text(24, y - 6, title, 'class="n"'))
        for n, (module, name) in enumerate(steps):
            box, tall = _step(module, name, y)
            drawn.append(box)
            y += tall + 16
            if n < len(steps) - 1:
                drawn.append(_arrow(180, y - 16))
        if steps is IN:
            passed = y - 30  # the way in goes by the job's boxes, on the left
        y += 16
    outbox = y - 16 - sum(_step(*one, 0)[1] + 16 for one in BOTH) + 12
    drawn.append(f'<path d="M20 {passed}H8V{outbox}H18" marker-end="url(#a)"/>')
    drawn.append(f'<path d="M340 {outbox - 56}H352V{outbox}H342" marker-end="url(#a)"/>')
    return _picture("The two paths: a message in, a job, and the way out of both", y, drawn)


PICTURES = {"house.svg": house, "imports.svg": matrix, "paths.svg": paths}
_DEFINED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _imported(module: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(module.read_text("utf-8"))))
    whole = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    parts = [n.module for n in nodes if isinstance(n, ast.ImportFrom) and n.module and not n.level]
    return {name.split(".")[0] for name in (*whole, *parts)}


def _storey(row: list[str], y: int) -> str:
    wide = (_WIDE - 16 - 8 * (len(row) - 1)) // len(row)
    drawn = []
    for n, name in enumerate(row):
        x = 8 + n * (wide + 8)
        drawn.append(f'<rect x="{x}" y="{y}" width="{wide}" height="{_ROW}"/>')
        drawn.append(_text(x + 8, y + 17, name, 'class="n"'))
        lines = wrap(said_by(f"{name}/__init__.py"), wide // 7)[:3]
        drawn += [_text(x + 8, y + 31 + 13 * k, line) for k, line in enumerate(lines)]
    return "".join(drawn)


def _step(module: str, name: str, y: int) -> tuple[str, int]:
    lines = wrap(said_by(module), 50)
    tall = 42 + 14 * len(lines)
    drawn = [f'<rect x="20" y="{y}" width="320" height="{tall}"/>']
    drawn.append(_text(28, y + 17, module, 'class="n"') + _text(28, y + 33, name))
    drawn += [_text(28, y + 49 + 14 * n, line) for n, line in enumerate(lines)]
    return "".join(drawn), tall


def _arrow(x: int, y: int) -> str:
    return f'<line x1="{x}" y1="{y}" x2="{x}" y2="{y + 12}" marker-end="url(#a)"/>'


def _text(x: int, y: int, words: str, more: str = "") -> str:
    return f'<text x="{x}" y="{y}" {more}>{escape(words)}</text>'


def _picture(title: str, tall: int, drawn: list[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDE}" height="{tall}"'
        f' viewBox="0 0 {_WIDE} {tall}" role="img"><title>{escape(title)}</title>'
        f'<style>{_STYLE}</style><rect width="{_WIDE}" height="{tall}" style="stroke:none"/>'
        '<marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"'
        ' orient="auto"><path d="M0 0L8 4L0 8" style="fill:#335"/></marker>'
    )
    return "\n".join([head, *drawn, "</svg>"]) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for file, draw in PICTURES.items():
        (FOLDER / file).write_text(draw(), encoding="utf-8")
