"""`guiyan import` as operators use it: reports, dry runs, decisions, and a kill in the middle."""

from __future__ import annotations

import csv
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest

from bot.benching.made_people import book_of
from bot.cli import main
from bot.list_arguments import LISTS
from registry.importing import BATCH
from registry.kinds import KINDS
from tests.support.program import clean_environment

BASIS = ("--basis", "试〔2026〕1号")
LIST = (
    "姓名,电话,县,户口,星座\n王某,13800000001,湘乡市,农业,x\n李某,1380000,湘乡市,农业,x\n合计,2\n"
)
OTHER = "姓名,电话,县,户口\n王某,13800000001,湘乡市,非农\n王某某,13800000001,湘乡市,农业\n"
_START = [sys.executable, "-m", "bot"]


def _guiyan(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*_START, *arguments],
        cwd=folder,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def _count(folder: Path, query: str = "SELECT count(*) FROM person") -> int:
    with closing(sqlite3.connect(folder / "var" / "guiyan.db")) as connection:
        return int(connection.execute(query).fetchone()[0])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a list in it."""
    (tmp_path / "list.csv").write_text(LIST, "utf-8")
    return tmp_path


def test_every_row_is_accounted_for(folder: Path) -> None:
    done = _guiyan(folder, "import", "people", "list.csv", *BASIS)
    assert done.returncode == 0, done.stderr
    assert "新存 1 行，补充 0 行，一样 0 行，不一样 0 行，没收 1 行。" in done.stdout
    for said in ("手机号要11位，这里是7位，比如 13800000000", "“星座”", "合计行 1 行"):
        assert said in done.stdout
    report = (folder / "list-导入结果.csv").read_text("utf-8-sig")
    assert [row[1:3] for row in csv.reader(report.splitlines()[1:])] == [
        ["2", "新存"],
        ["3", "没收"],
    ]
    assert "王某" not in report


def test_a_dry_run_stores_nothing_and_begins_a_map(folder: Path) -> None:
    tried = _guiyan(folder, "import", "people", "list.csv", *BASIS, "--dry-run", "--map", "m.toml")
    assert "只是试一遍，什么都没有存" in tried.stdout
    assert (_count(folder), _count(folder, "SELECT count(*) FROM import_run")) == (0, 0)
    assert '"星座" = ""' in (folder / "m.toml").read_text("utf-8")
    assert "新存 1 行" in tried.stdout


def test_a_map_is_used_again(folder: Path) -> None:
    (folder / "m.toml").write_text('[columns]\n"星座" = ""\n[values."户口"]\n"田里的" = "农村"\n')
    (folder / "list.csv").write_text(LIST.replace("农业", "田里的"), "utf-8")
    done = _guiyan(folder, "import", "people", "list.csv", *BASIS, "--map", "m.toml")
    assert "新存 1 行" in done.stdout
    assert "“星座”这一列没有收：对照表里写了不读" in done.stdout


def test_differences_are_shown_and_decided(folder: Path) -> None:
    (folder / "other.csv").write_text(OTHER, "gbk")
    _guiyan(folder, "import", "people", "list.csv", *BASIS)
    second = _guiyan(folder, "import", "people", "other.csv", *BASIS, "--report", "r.xlsx")
    assert "不一样 2 行" in second.stdout
    assert openpyxl.load_workbook(folder / "r.xlsx").active["C2"].value == "不一样"
    shown = _guiyan(folder, "import", "differences", "--run", "2").stdout.splitlines()
    assert "户口  农村（名单） → 城镇（名单）" in shown[0]
    assert "是不是同一个人  王某（名单） → 王某某（名单）" in shown[1]
    assert _guiyan(folder, "import", "take", "1", "--staff", "老张").stdout == "定了 1 条。\n"
    assert _guiyan(folder, "import", "keep", "2", "--staff", "老张").stdout == "定了 1 条。\n"
    again = _guiyan(folder, "import", "keep", "2", "7", "--staff", "老张")
    assert (again.returncode, "已经定过了（老张）" in again.stderr) == (1, True)
    assert "用了新的（老张" in _guiyan(folder, "import", "differences", "--all").stdout
    assert _count(folder) == 2


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["nowhere.csv"], 2, "there is no such file"),
        (["list.csv", "--area", "火星"], 2, "no area is called 火星"),
        (["list.csv", "--report", "r.txt"], 2, "ends in .csv or .xlsx"),
        (["list.csv", "--report", "list.csv"], 2, "must not be the file"),
        (["list.csv", "--report", "no/where.csv"], 2, "--report"),
        (["list.csv", "--map", "wrong.toml"], 2, "no column is called '天干'"),
        (["list.csv", "--staff", "x" * 60], 2, "--staff takes up to 40"),
        (["empty.csv"], 2, "空的"),
        (["bare.csv"], 2, "没有找到认得的表头"),
        (["list.csv"], 1, ""),  # no ground: no row at all could be taken
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    folder: Path,
    arguments: list[str],
    status: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(folder)
    (folder / "wrong.toml").write_text('[columns]\n"电话" = "天干"\n')
    (folder / "empty.csv").write_bytes(b"")
    (folder / "bare.csv").write_text("甲,乙\n1,2\n")
    assert main(["import", "people", *arguments]) == status
    assert said in capsys.readouterr().err


def test_every_kind_is_a_command() -> None:
    assert set(LISTS) == set(KINDS)


def test_a_kill_leaves_whole_batches_and_the_same_command_goes_on(tmp_path: Path) -> None:
    rows = 2 * BATCH + 500
    (tmp_path / "big.xlsx").write_bytes(book_of(rows))
    words = ["import", "people", "big.xlsx", *BASIS]
    assert _guiyan(tmp_path, "migrate").returncode == 0
    process = subprocess.Popen([*_START, *words], cwd=tmp_path, env=clean_environment())
    while not _count(tmp_path, "SELECT coalesce(max(rows_done), 0) FROM import_run"):
        assert process.poll() is None
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    done = _count(tmp_path, "SELECT rows_done FROM import_run")
    new = _count(tmp_path, "SELECT json_extract(counts, '$.new') FROM import_run")
    assert (0 < done < rows, _count(tmp_path) == new, new > 0) == (True, True, True)
    assert "1 not finished" in _guiyan(tmp_path, "doctor").stdout
    after = _guiyan(tmp_path, *words)
    assert "第1次导入上次没做完，这次接着做完了。" in after.stdout
    told = (tmp_path / "big-导入结果.csv").read_text("utf-8-sig").splitlines()
    assert len(told) == rows + 1
    whole = tmp_path / "whole"
    whole.mkdir()
    (whole / "big.xlsx").write_bytes((tmp_path / "big.xlsx").read_bytes())
    assert _guiyan(whole, *words).returncode == 0
    assert _count(tmp_path) == _count(whole)
    assert "没做完" not in _guiyan(tmp_path, "import", "list").stdout


def test_of_a_file_that_is_broken_further_down_the_rows_before_are_told_of(tmp_path: Path) -> None:
    whole = ZipFile(BytesIO(book_of(12_000)))
    with ZipFile(tmp_path / "cut.xlsx", "w", ZIP_DEFLATED) as parts:
        for name in whole.namelist():
            data = whole.read(name)
            parts.writestr(name, data[: len(data) * 2 // 3] if "sheet1" in name else data)
    after = _guiyan(tmp_path, "import", "people", "cut.xlsx", *BASIS)
    told = (tmp_path / "cut-导入结果.csv").read_text("utf-8-sig").splitlines()
    assert (after.returncode, len(told)) == (1, 5_000 + 1)
    assert "前面 5000 行" in after.stdout
    assert _count(tmp_path, "SELECT count(*) FROM import_run WHERE ended_at IS NULL") == 0
