"""The pictures of the house are those of the code."""

from __future__ import annotations

import pytest

from tests.support.architecture import BOTH, FOLDER, IN, OUT, PICTURES, imports, layers, names_in


@pytest.mark.parametrize("file", PICTURES)
def test_a_picture_is_current(file: str) -> None:
    told = (FOLDER / file).read_text("utf-8")
    assert told == PICTURES[file](), "python -m tests.support.architecture"


@pytest.mark.parametrize(("module", "name"), [*IN, *OUT, *BOTH])
def test_each_step_of_the_paths_is_in_the_code(module: str, name: str) -> None:
    assert name in names_in(module)


def test_every_import_points_down() -> None:
    storey = {name: n for n, row in enumerate(layers()) for name in row}
    assert [pair for pair in imports() if storey[pair[0]] >= storey[pair[1]]] == []
