"""What the image runs: the code that the Dockerfile copies, with no package of ours installed."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import urllib.request
from pathlib import Path

import pytest

from bot import __version__
from tests.support.program import clean_environment

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def python(tmp_path: Path) -> list[str]:
    """The words before a module's name: only the copied code and what the lock names."""
    app, installed = tmp_path / "app", tmp_path / "installed"
    installed.mkdir()
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    for name in re.findall(r"COPY (\w+) /opt/guiyan/app", dockerfile):
        shutil.copytree(ROOT / name, app / name, ignore=shutil.ignore_patterns("__pycache__"))
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if "guiyan" not in entry.name and entry.suffix != ".pth":
            (installed / entry.name).symlink_to(entry)
    path = f"PYTHONPATH={app}{os.pathsep}{installed}"
    return ["env", path, "PYTHONDONTWRITEBYTECODE=1", sys.executable, "-S", "-m"]


def test_it_serves_and_tells_its_version(python: list[str], tmp_path: Path) -> None:
    with subprocess.Popen(
        [*python, "bot", "run", "--port", "0"],
        cwd=tmp_path,
        env=clean_environment() | {"GUIYAN_AREAS": "定陶"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().rsplit(" ", 1)[-1].strip().removesuffix("/chat")
            with urllib.request.urlopen(f"{address}/metrics", timeout=20) as answer:
                told = answer.read().decode()
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
        finally:
            process.kill()
    assert f'guiyan_info{{version="{__version__}"}} 1.0' in told


def test_its_commands_work(python: list[str], tmp_path: Path) -> None:
    """Beside the service, as `docker compose exec` and `kubectl exec` run them."""
    for words in (["migrate"], ["backup", "one.tar"], ["support", "one.zip"]):
        done = subprocess.run(
            [*python, "bot", *words],
            cwd=tmp_path,
            env=clean_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
