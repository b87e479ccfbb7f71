"""`guiyan knowledge export|import|booklet` as people run them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pypdf
import pytest

from tests.knowledge.exchange.tables import CAP, NEW, Table, by_hand
from tests.support.program import clean_environment

QUESTION = "个体户创业担保贷款最高多少"
PATH = f"dingtao/policies/{CAP}.toml"


def _guiyan(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder of its own."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env=clean_environment() | {"GUIYAN_AREAS": "定陶"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _knowledge(folder: Path, *arguments: str) -> str:
    done = _guiyan(folder, "knowledge", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _edit(file: Path, heading: str, value: object) -> None:
    file.write_bytes(Table(file.read_bytes()).set(CAP, heading, value).data)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """An exported spreadsheet."""
    _knowledge(tmp_path, "export", "out.xlsx", "--area", "定陶")
    return tmp_path / "out.xlsx"


def test_an_export_needs_no_database_and_makes_none(table: Path) -> None:
    assert openpyxl.load_workbook(table).sheetnames[:2] == ["说明", "定陶"]
    assert [file.name for file in table.parent.iterdir()] == ["out.xlsx"]


def test_a_dry_run_reports_and_stores_nothing(table: Path) -> None:
    _edit(table, "电话", "0530-1111111")
    said = _knowledge(table.parent, "import", "out.xlsx", "--dry-run")
    assert "电话：（空） → 0530-1111111" in said
    assert "修改 1 行" in said
    assert not (table.parent / "var").exists()


def test_an_import_waits_for_a_second_person(table: Path) -> None:
    _edit(table, "电话", "0530-1111111")
    said = _knowledge(table.parent, "import", "out.xlsx", "--staff", "小刘")
    assert "存成了 1 份草稿，编号 1" in said
    assert "0530-1111111" not in _guiyan(table.parent, "ask", QUESTION, "--area", "定陶").stdout
    _knowledge(table.parent, "review", "1", "--staff", "老王")
    _knowledge(table.parent, "release", "1", "--staff", "老王")
    assert "0530-1111111" in _guiyan(table.parent, "ask", QUESTION, "--area", "定陶").stdout


def test_a_live_import_answers_at_once_and_is_exported_again(table: Path) -> None:
    folder = table.parent
    _edit(table, "电话", "0530-1111111")
    assert "已上线 1 份" in _knowledge(folder, "import", "out.xlsx", "--live", "--staff", "小刘")
    assert "0530-1111111" in _guiyan(folder, "ask", QUESTION, "--area", "定陶").stdout
    _knowledge(folder, "export", "packs", "--area", "定陶")
    assert "0530-1111111" in (folder / "packs" / PATH).read_text("utf-8")
    assert "没有要存的" in _knowledge(folder, "import", "packs", "--staff", "小刘")


def test_a_folder_goes_live_too_and_an_entry_out_of_service(table: Path) -> None:
    folder = table.parent
    _knowledge(folder, "export", "packs", "--area", "定陶")
    file = folder / "packs" / PATH
    file.write_text(file.read_text("utf-8").replace('phone = ""', 'phone = "0530-2"'), "utf-8")
    _knowledge(folder, "import", "packs", "--live", "--staff", "小刘")
    _knowledge(folder, "export", "again.xlsx", "--area", "定陶")
    _edit(folder / "again.xlsx", "状态", "撤回")
    assert "撤下 1 份" in _knowledge(folder, "import", "again.xlsx", "--live", "--staff", "小刘")
    told = _guiyan(folder, "ask", QUESTION, "--area", "定陶", "--json").stdout
    assert CAP not in json.loads(told)["entries"]


def test_good_rows_are_taken_beside_faulty_ones(tmp_path: Path) -> None:
    rows = [NEW, {**NEW, "标题": "贷款要不要户口本", "问法": "要户口本吗"}]
    (tmp_path / "in.xlsx").write_bytes(by_hand(rows))
    said = _knowledge(tmp_path, "import", "in.xlsx", "--staff", "小刘")
    assert "新增 1 行" in said
    assert "问法不到6种" in said
    assert "1 份草稿" in said


def test_the_booklet_prints_in_each_format(tmp_path: Path) -> None:
    for name in ("book.pdf", "book.txt", "book.md"):
        assert "菏泽市定陶区" in _knowledge(tmp_path, "booklet", "--area", "定陶", name)
    assert len(pypdf.PdfReader(tmp_path / "book.pdf").pages) > 10
    assert "政策一本通" in (tmp_path / "book.txt").read_text("utf-8")
    _knowledge(tmp_path, "booklet", "--area", "371703", "--a5", "small.pdf")
    assert float(pypdf.PdfReader(tmp_path / "small.pdf").pages[0].mediabox.width) < 421


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["import", "text.xlsx"], "另存为 .xlsx"),
        (["import", "text.xlsx", "--live"], "--live needs --staff"),
        (["export", "missing/out.xlsx"], "cannot write"),
        (["booklet", "out.pdf", "--area", "火星"], "有的是：定陶"),
    ],
)
def test_bad_arguments_get_one_sentence(tmp_path: Path, arguments: list[str], said: str) -> None:
    (tmp_path / "text.xlsx").write_text("编号,标题", "utf-8")
    done = _guiyan(tmp_path, "knowledge", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
