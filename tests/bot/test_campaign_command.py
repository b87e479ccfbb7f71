"""`guiyan campaign` as a clerk of a county uses it, two of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from tests.support.program import clean_environment

NOW = "2027-01-10T10:00:00+08:00"


def _guiyan(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env=clean_environment() | {"GUIYAN_NOW": NOW, "GUIYAN_PUBLIC_URL": "https://fx.gov.cn"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office of two with a draft from a kit."""
    folder = tmp_path_factory.mktemp("campaign")
    for name in ("王干事", "李科"):
        _guiyan(folder, "staff", "add", name, "--role", "staff", "--area", "定陶")
    kit = ("--area", "定陶", "--kit", "温暖回家路", "--staff", "王干事")
    assert "群发任务1" in _guiyan(folder, "campaign", "new", "春运", *kit).stdout
    return folder


def test_a_kit_is_written_once_and_never_over_a_file(folder: Path) -> None:
    wanted = ("campaign", "kit", "温暖回家路", "--area", "定陶", "--out", "春运")
    assert _guiyan(folder, *wanted, "--place", "汽车站").returncode == 0
    sheet = openpyxl.load_workbook(folder / "春运" / "值班表.xlsx").active
    days = [row[1].value for row in sheet.iter_rows(min_row=2)]
    assert (days[0], days[-1], days.count("除夕")) == ("农历腊月廿三", "除夕", 1)
    assert "<svg" in (folder / "春运" / "海报.html").read_text("utf-8")
    assert 'new "温暖回家路" --area' in (folder / "春运" / "用法.txt").read_text("utf-8")
    again = _guiyan(folder, *wanted)
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)


def test_a_draft_is_shown_whole(folder: Path) -> None:
    shown = _guiyan(folder, "campaign", "show", "1").stdout
    assert "发给：老家在定陶区 且 在外地" in shown
    assert "第2波 2027年1月30日（农历腊月廿三）09:30" in shown


def test_a_wording_of_a_channel_is_named_as_people_do(folder: Path) -> None:
    own = ("--channel", "telegram", "--staff", "王干事")
    kept = _guiyan(folder, "campaign", "text", "1", "老乡好", *own)
    assert kept.stdout.startswith("记下了文字A（Telegram）：")
    dropped = _guiyan(folder, "campaign", "text", "1", "--drop", *own)
    assert dropped.stdout == "删了群发任务1的文字A（Telegram）。\n"


def test_a_tag_that_nobody_has_is_hinted_at(folder: Path) -> None:
    kept = _guiyan(folder, "campaign", "audience", "1", "标签种地", "--staff", "王干事")
    assert "还没有人有标签“种地”" in kept.stdout


def test_only_what_was_submitted_is_offered_for_agreement(folder: Path) -> None:
    shown = _guiyan(folder, "campaign", "approve", "1", "--staff", "李科").stdout
    assert "--yes" not in shown
    assert "先提交" in shown


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("text", "1", "{称呼}好", "--staff", "王干事"), "要写没有时怎么说"),
        (("waves", "1", "除夕 19:00", "--staff", "王干事"), "一家人团圆"),
        (("audience", "1", "想", "--staff", "王干事"), "没看懂"),
        (("split", "1", "--holdout", "80", "--staff", "王干事"), "0到50"),
        (("test", "1", "--staff", "王干事"), "没绑聊天账号"),
        (("approve", "1", "--staff", "李科", "--yes"), "先提交"),
        (("pause", "1", "--staff", "李科"), "先提交"),
        (("late", "1", "--staff", "李科"), "不补后来的人"),
        (("show", "9"), "没有群发任务9"),
        (("stop", "1", "--staff", "谁"), "工作人员里没有"),
        (("new", "甲", "--area", "月球", "--staff", "李科"), "不知道“月球”是哪里"),
        (("new", "甲", "--area", "定陶", "--kit", "没有", "--staff", "李科"), "有：培训报名"),
        (("report", "1", "--days", "0"), "1到90"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    folder: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    done = _guiyan(folder, "campaign", *arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert sentence in done.stderr
