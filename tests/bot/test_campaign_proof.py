"""`guiyan campaign proof` takes who writes it, like the other steps."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.test_campaign_command import _guiyan, folder

__all__ = ["folder"]


def test_with_whose_campaign_it_is(folder: Path) -> None:
    done = _guiyan(folder, "campaign", "proof", "1", "all.csv", "--staff", "王干事")
    assert (done.returncode, done.stderr) == (0, "")
    assert (folder / "all.csv").exists()


@pytest.mark.parametrize("name", ["没有这人", "外县的"])
def test_not_with_somebody_whose_it_is_not(folder: Path, name: str) -> None:
    _guiyan(folder, "staff", "add", "外县的", "--role", "staff", "--area", "湘乡")
    done = _guiyan(folder, "campaign", "proof", "1", "other.csv", "--staff", name)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert not (folder / "other.csv").exists()
