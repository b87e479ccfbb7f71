"""`guiyan knowledge …` as an official uses it: from a file to the answer, and every refusal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from knowledge.library import our_shelf
from tests.support.program import clean_environment

ID = "dingtao-loan-individual-cap"
OVERVIEW = "dingtao-loan-caps"
QUESTION = "个体户创业担保贷款最高多少"


def guiyan(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the command in `folder`."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env=clean_environment() | {"GUIYAN_AREAS": "定陶"} | settings,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def page(folder: Path, name: str, wan: int = 20) -> str:
    """The entry with another figure, as a file of the editor's."""
    text = our_shelf().shipped(f"dingtao/policies/{name}.toml") or ""
    text = text.replace("value = 100000\n", f"value = {wan}0000\n")
    (folder / f"{name}.toml").write_text(text.replace("最高10万元", f"最高{wan}万元"), "utf-8")
    return f"{name}.toml"


def test_from_a_file_to_the_answer_and_back(tmp_path: Path) -> None:
    assert guiyan(tmp_path, "knowledge", "draft", page(tmp_path, ID), "--staff", "小刘").stdout
    own = guiyan(tmp_path, "knowledge", "review", ID, "--staff", "小刘")
    assert (own.returncode, "不能自己审" in own.stderr) == (1, True)
    for step in ("review", "release"):
        assert guiyan(tmp_path, "knowledge", step, "1", "--staff", "老王").returncode == 0
    assert "最高20万元" in guiyan(tmp_path, "ask", QUESTION, "--area", "定陶").stdout
    shown = guiyan(tmp_path, "knowledge", "show", ID, "--versions").stdout
    assert all(
        words in shown for words in ("在用", "小刘", "老王审", "机器人会这样说", "最高20万元")
    )
    withdraw = ("knowledge", "withdraw", ID, "--staff", "老王", "--note", "有误")
    alone = guiyan(tmp_path, *withdraw)
    assert (alone.returncode, OVERVIEW in alone.stderr) == (1, True)
    assert guiyan(tmp_path, *withdraw, "--with-referring").returncode == 0
    listed = guiyan(tmp_path, "knowledge", "list", "--area", "定陶", "--stage", "withdrawn").stdout
    assert ID in listed
    assert OVERVIEW in listed
    assert ID not in guiyan(tmp_path, "ask", QUESTION, "--area", "定陶", "--json").stdout


def test_asking_makes_no_database(tmp_path: Path) -> None:
    assert guiyan(tmp_path, "ask", QUESTION, "--area", "定陶").returncode == 0
    assert guiyan(tmp_path, "knowledge", "due").returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_a_question_is_answered_without_its_database(tmp_path: Path) -> None:
    settings = {
        "GUIYAN_DATABASE_URL": "postgresql://127.0.0.1:1/x",
        "GUIYAN_SECRET_KEY": "x" * 32,
    }
    done = guiyan(tmp_path, "ask", QUESTION, "--area", "定陶", **settings)
    assert (done.returncode, "最高10万元" in done.stdout) == (0, True)
    assert done.stderr.startswith("with the shipped entries only:")
    assert done.stderr.count("\n") == 1


def test_what_is_due_is_listed_with_its_day(tmp_path: Path) -> None:
    due = guiyan(tmp_path, "knowledge", "due", "--days", "70", GUIYAN_NOW="2026-11-22T09:00+08:00")
    assert "2027-01-27  复核  全国  national-loan-cap-individual" in due.stdout
    none = guiyan(tmp_path, "knowledge", "due", "--days", "1", GUIYAN_NOW="2026-11-22T09:00+08:00")
    assert "没有快到期" in none.stdout


def test_a_file_that_cannot_be_read_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("id = ]\n")
    done = guiyan(tmp_path, "knowledge", "draft", "bad.toml", "--staff", "小刘")
    assert (done.returncode, done.stderr.startswith("bad.toml:1:")) == (1, True)
    assert "没有" in guiyan(tmp_path, "knowledge", "list", "--stage", "draft").stdout


REFUSED = [
    (["show", "nothing"], 1, "没有叫 nothing 的条目"),
    (["review", "99", "--staff", "x"], 1, "没有编号是 99"),
    (["release", ID, "--staff", "x"], 1, "没有已审的版本"),
    (["withdraw", "dingtao/pack.toml", "--staff", "x", "--note", "y"], 1, "不能撤下"),
    (["withdraw", ID, "--staff", "x"], 2, "--note"),
    (["draft", "missing.toml", "--staff", "x"], 2, "cannot read missing.toml"),
    (["review", "1", "--staff", " "], 2, "--staff must name"),
    (["list", "--area", "火星"], 2, "不知道「火星」"),
    (["list", "--stage", "gone"], 2, "invalid choice"),
    (["due", "--days", "-1"], 2, "takes a number of days"),
]


@pytest.mark.parametrize(("arguments", "status", "sentence"), REFUSED)
def test_a_refusal_is_one_sentence(
    arguments: list[str], status: int, sentence: str, tmp_path: Path
) -> None:
    done = guiyan(tmp_path, "knowledge", *arguments)
    assert (done.returncode, sentence in done.stderr) == (status, True), done.stderr
    assert "Traceback" not in done.stderr
