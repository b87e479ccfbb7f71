"""The command beside the service sees what the units give it."""

from __future__ import annotations

import getpass
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.program import clean_environment

ROOT = Path(__file__).parent.parent.parent
WRAPPER = ROOT / "deploy" / "systemd" / "guiyan"


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A service's folder and its settings; the wrapper with these in place of the real ones."""
    (tmp_path / "etc").mkdir()
    program = tmp_path / "srv" / "app" / ".venv" / "bin" / "guiyan"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m bot "$@"\n', encoding="utf-8")
    program.chmod(0o700)
    text = WRAPPER.read_text(encoding="utf-8")
    text = text.replace("!= guiyan", f"!= {getpass.getuser()}")
    text = text.replace("/srv/guiyan", f"{tmp_path}/srv").replace("/etc/guiyan", f"{tmp_path}/etc")
    (tmp_path / "wrapper").write_text(text, encoding="utf-8")
    (tmp_path / "etc" / "guiyan.toml").write_text('areas = ["定陶"]\n', encoding="utf-8")
    return tmp_path


def _said(machine: Path, *words: str) -> str:
    done = subprocess.run(
        ["sh", str(machine / "wrapper"), *words],
        cwd=os.sep,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_it_works_in_the_folder_of_the_service(machine: Path) -> None:
    _said(machine, "migrate")
    assert (machine / "srv" / "var" / "guiyan.db").exists()


def test_it_takes_the_settings_of_the_units(machine: Path) -> None:
    """As systemd reads a file of them: comments, values with spaces, in quotes or not."""
    (machine / "etc" / "guiyan.env").write_text(
        "# whose it is\n\nGUIYAN_OFFICE_NAME=返乡 服务 中心\n"
        'GUIYAN_OFFICE_PHONE="0530 0000000"\nGUIYAN_PUBLIC_URL=https://a.example',
        encoding="utf-8",
    )
    told = _said(machine, "config")
    for value in ("返乡 服务 中心", "0530 0000000", "https://a.example", "定陶"):
        assert value in told


def test_it_takes_the_database_and_the_key_of_the_parts(machine: Path) -> None:
    (machine / "etc" / "database_url").write_text("sqlite:///elsewhere.db\n", encoding="utf-8")
    (machine / "etc" / "secret_key").write_text("k" * 32 + "\n", encoding="utf-8")
    told = _said(machine, "config")
    assert "elsewhere.db" in told
    _said(machine, "migrate")
    assert (machine / "srv" / "elsewhere.db").exists()
    assert not (machine / "srv" / "var").exists()
