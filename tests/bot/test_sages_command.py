"""`guiyan sages` beside a talk on the terminal: only who agreed, only for the county."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from tests.handlers.support.talks import REGISTERED
from tests.support.program import clean_environment


def _guiyan(folder: Path, *arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env=clean_environment(),
        input=said,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where 老王 has agreed to stand in the book, with his phone."""
    folder = tmp_path_factory.mktemp("sages")
    _guiyan(folder, "staff", "add", "小唐", "--area", "湘乡")
    _guiyan(folder, "staff", "add", "老谢", "--role", "cadre", "--area", "湘乡泉塘镇")
    code = _guiyan(folder, "staff", "link", "小唐").stdout.strip()
    _guiyan(folder, "talk", said="\n".join(REGISTERED))
    _guiyan(folder, "talk", "--as", "desk", said=f"{code}\n乡贤 老王 1234 重点")
    told = _guiyan(folder, "talk", said="上通讯录 带电话")
    assert "写您的称呼和电话" in told.stdout
    return folder


def test_the_book_has_who_agreed(folder: Path) -> None:
    done = _guiyan(folder, "sages", "--out", "book.xlsx", "--staff", "小唐")
    assert done.stderr == "1 people in book.xlsx; 0 乡贤 have not agreed and are not in it\n"
    sheet = openpyxl.load_workbook(folder / "book.xlsx").active
    assert sheet is not None
    assert [sheet["B3"].value, sheet["F3"].value] == ["老王", "13900001234"]


def test_it_is_text_to_copy_too(folder: Path) -> None:
    _guiyan(folder, "sages", "--out", "book.txt", "--area", "湘潭")
    assert "1  老王  湘乡泉塘镇花桥村" in (folder / "book.txt").read_text("utf-8")


@pytest.mark.parametrize("more", [("--staff", "老谢"), ("--staff", "小唐", "--area", "濮阳")])
def test_others_get_nothing(folder: Path, more: tuple[str, ...]) -> None:
    done = _guiyan(folder, "sages", "--out", "none.xlsx", *more)
    assert done.returncode == 1
    assert "nothing was read" in done.stderr
    assert not (folder / "none.xlsx").exists()
