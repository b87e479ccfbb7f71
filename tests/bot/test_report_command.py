"""`guiyan report` as offices use it: tables as files, their names, refusals, what has changed."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from outreach.reports.registry import REPORTS
from tests.support.program import clean_environment

OF = ("--area", "湘乡", "--period", "2027")
SET = {"GUIYAN_AREAS": "湘潭", "GUIYAN_NOW": "2027-02-10T09:00+08:00"}
HOUSEHOLD = "姓名,电话,老家,现在在哪,在外时间,户口,想法\n"


def _guiyan(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env=clean_environment() | SET | more,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _list_of(folder: Path, *lines: str) -> None:
    (folder / "l.csv").write_text(HOUSEHOLD + "\n".join(lines) + "\n", "utf-8")
    done = _guiyan(
        folder, "import", "people", "l.csv", "--area", "湘乡", "--basis", "湘农〔2027〕1号"
    )
    assert done.returncode == 0, done.stderr


def test_every_report_is_named_with_its_span(tmp_path: Path) -> None:
    done = _guiyan(tmp_path, "report", "--list")
    names = [line.split()[0] for line in done.stdout.splitlines()]
    assert (done.returncode, names) == (0, [one.name for one in REPORTS])
    assert "[a year, as 2026" in done.stdout.splitlines()[0]


@pytest.mark.parametrize("ending", ["xlsx", "csv", "md", "docx", "html"])
def test_a_table_is_written_in_an_empty_folder(tmp_path: Path, ending: str) -> None:
    done = _guiyan(tmp_path, "report", "annex4", *OF, "--out", f"a.{ending}")
    assert (done.returncode, done.stdout) == (0, "")
    assert "湘乡市返乡创业情况摸底表" in done.stderr
    assert (tmp_path / f"a.{ending}").stat().st_size > 500


def test_people_of_a_list_are_counted_and_the_next_table_tells_what_changed(
    tmp_path: Path,
) -> None:
    _list_of(tmp_path, "王甲,13800000001,湘乡市棋梓镇,已回老家,半年以上,农村,马上想干")
    _guiyan(tmp_path, "report", "annex4", *OF, "--out", "a.csv")
    _list_of(tmp_path, "王乙,13800000002,湘乡市棋梓镇,已回老家,半年以上,城镇,想回来上班")
    done = _guiyan(tmp_path, "report", "annex4", *OF, "--out", "b.csv")
    assert "棋梓镇：在外务工人员（人） 小计 1 → 2" in done.stderr
    first, second = (_cells(tmp_path / name) for name in ("a.csv", "b.csv"))
    assert first[:4] == second[:4]
    total = next(line for line in second if line[1] == "合计")
    assert total[2:11] == ["2", "1", "1", "2", "1", "1", "1", "0", "1"]


def _cells(file: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline="")))


def test_nothing_changed_is_said_too_and_stands_beside_the_form(tmp_path: Path) -> None:
    for _ in range(2):
        done = _guiyan(tmp_path, "report", "annex4", *OF, "--out", "a.xlsx")
    assert "数没有变化" in done.stderr
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    beside = [str(row[0].value) for row in book["说明"]]
    assert any("数没有变化" in text for text in beside)


@pytest.mark.parametrize(("setting", "back"), [("no", "0"), ("yes", "1")])
def test_the_office_settles_what_the_form_leaves_open(
    tmp_path: Path, setting: str, back: str
) -> None:
    _list_of(tmp_path, "王甲,13800000001,湘乡市棋梓镇,已回老家,不到半年,农村,马上想干")
    done = _guiyan(
        tmp_path, "report", "annex4", *OF, "--out", "a.csv", GUIYAN_COUNT_SHORT_AWAY=setting
    )
    assert done.returncode == 0, done.stderr
    total = next(line for line in _cells(tmp_path / "a.csv") if line[1] == "合计")
    assert total[5] == back


def test_without_a_file_the_table_is_text_on_standard_output(tmp_path: Path) -> None:
    done = _guiyan(tmp_path, "report", "annex4", "--area", "湘乡棋梓镇", "--period", "2027")
    assert done.returncode == 0
    assert done.stdout.startswith("# 附件4 湘乡市棋梓镇返乡创业情况摸底表")


REFUSED = [
    (("annex9", *OF), "there are annex4,"),
    (("annex4", "--area", "火星", "--period", "2027"), "no area is called 火星"),
    (("annex4", "--area", "湘乡", "--period", "2027x"), "is no period"),
    (("annex4", "--area", "湘乡", "--period", "2027-Q1"), "annex4 is of a year"),
    (("annex4", *OF, "--out", "a.pdf"), "ends in .xlsx, .csv, .md"),
    (("annex4", *OF, "--out", "no/a.csv"), "a folder that is not there"),
    (("annex4", "--area", "湘乡"), "required: --period"),
    ((), "--list"),
]


@pytest.mark.parametrize(("arguments", "said"), REFUSED)
def test_what_cannot_be_is_refused_in_a_sentence(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = _guiyan(tmp_path, "report", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_staff_take_reports_of_their_own_area_only(tmp_path: Path) -> None:
    _guiyan(tmp_path, "staff", "add", "小刘", "--area", "湘潭县")
    done = _guiyan(tmp_path, "report", "annex4", *OF, "--staff", "小刘", "--out", "a.csv")
    assert (done.returncode, (tmp_path / "a.csv").exists()) == (1, False)
    own = ("--area", "湘潭县", "--period", "2027", "--staff", "小刘", "--out", "a.csv")
    assert _guiyan(tmp_path, "report", "annex4", *own).returncode == 0


def test_the_figures_of_a_month_are_still_drafted_shown_and_defined(tmp_path: Path) -> None:
    for action in ("draft", "show"):
        done = _guiyan(tmp_path, "report", action, "--month", "2027-01")
        assert done.returncode == 0, done.stderr
    assert "registered" in _guiyan(tmp_path, "report", "define").stdout
