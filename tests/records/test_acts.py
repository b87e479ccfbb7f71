"""The reference lists what the trail may say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import records

HERE = Path(records.__file__).parent.parent
ROOMS = ("bot", "console", "handlers", "outreach", "records", "registry", "scheduler")
LISTED = (HERE / "docs/reference/audit.md").read_text(encoding="utf-8")
NOTED = {"audit.write": 1, "audit.write_all": 1, "desk.note": 0}  # where the act stands


def _acts(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and (place := NOTED.get(ast.unparse(node.func))) is not None:
            for part in ast.walk(node.args[place]):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.value


def every_act() -> list[str]:
    """All that the source writes down by name."""
    found = {a for room in ROOMS for path in (HERE / room).rglob("*.py") for a in _acts(path)}
    return sorted(found)


@pytest.mark.parametrize("act", every_act())
def test_an_act_is_in_the_reference(act: str) -> None:
    assert f"`{act}`" in LISTED or (act[-1] in "._" and f"`{act}…`" in LISTED)


def test_the_reference_lists_no_act_that_nobody_writes() -> None:
    source = "".join(
        p.read_text(encoding="utf-8") for r in ROOMS for p in (HERE / r).rglob("*.py")
    )
    listed = re.findall(r"`([a-z_]+\.[a-z_]+)`", LISTED)
    unknown = [
        a for a in listed if f'"{a}"' not in source and f'"{a.split(".")[1]}"' not in source
    ]
    assert unknown == []
