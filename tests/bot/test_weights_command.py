"""`guiyan weights`: shows the weights, tries others, and says what is wrong with a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import main
from matching.weights import shipped


def changed(tmp_path: Path, old: str, new: str) -> str:
    """The path of our weights with something else in them."""
    path = tmp_path / "weights.toml"
    path.write_text(shipped("weights.toml").replace(old, new, 1), "utf-8")
    return str(path)


def test_the_weights_in_use_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["weights"]) == 0
    assert "interest    0.25" in capsys.readouterr().out


def test_other_weights_are_tried(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = changed(tmp_path, "interest = 0.25\nskill = 0.25", "interest = 0.05\nskill = 0.45")
    assert main(["weights", path]) == 0
    said = capsys.readouterr().out
    assert "interest: 0.25 before, 0.05 after" in said
    assert "agreement (nDCG@3): 0.923 before" in said
    assert "first three changed for" in said


def test_weights_that_do_not_add_up_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["weights", changed(tmp_path, "interest = 0.25", "interest = 0.3")]) == 1
    assert capsys.readouterr().err.endswith("the weights come to 1.05: make it 1\n")


def test_a_missing_file_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["weights", "/nowhere/w.toml"]) == 1
    assert "cannot be read: No such file or directory" in capsys.readouterr().err
