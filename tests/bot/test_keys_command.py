"""`guiyan keys`: the secret of a store is changed, as docs/howto/rotate-the-key.md says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.cli import main

Said = pytest.CaptureFixture[str]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said) -> Path:
    """A folder of the service with people in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GUIYAN_AREAS", "定陶")
    assert main(["demo"]) == 0
    capsys.readouterr()
    return tmp_path


def _prints(capsys: Said) -> list[str]:
    capsys.readouterr()
    assert main(["keys", "list"]) == 0
    return [line.split()[0] for line in capsys.readouterr().out.splitlines()]


def _swap(house: Path) -> None:
    os.replace(house / "var/secret.key", house / "var/secret.key.former")
    os.replace(house / "var/secret.key.new", house / "var/secret.key")


def test_a_secret_is_changed_and_the_former_opens_nothing(house: Path, capsys: Said) -> None:
    [former] = _prints(capsys)
    assert main(["keys", "add", "var/secret.key.new"]) == 0
    assert (house / "var/secret.key.new").stat().st_mode & 0o777 == 0o600
    assert main(["keys", "drop", former]) == 1
    _swap(house)
    assert main(["keys", "drop", former]) == 0
    assert len(_prints(capsys)) == 1
    assert main(["audit", "verify"]) == 0
    os.replace(house / "var/secret.key.former", house / "var/secret.key")
    assert main(["staff", "list"]) == 1
    assert "another key" in capsys.readouterr().err
