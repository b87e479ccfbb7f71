"""`guiyan courses`, `events`, `tasks`, `stations`: what operators ask and are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import main

COURSES = "班名,培训类别,县,开班时间,名额\n电商直播入门,电商,湘乡,2099年12月11日,30\n"


@pytest.fixture(autouse=True)
def _store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIYAN_DATABASE_URL", f"sqlite:///{tmp_path}/guiyan.db")


def test_a_list_of_courses_is_taken_listed_and_called_off(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "c.csv").write_text(COURSES, "utf-8")
    assert main(["import", "courses", str(tmp_path / "c.csv")]) == 0
    assert main(["courses", "cancel", "1"]) == 0
    capsys.readouterr()
    assert main(["courses", "list", "--area", "湘潭"]) == 0
    assert (
        "电商直播入门  ecommerce  2099-12-11 to 2099-12-11  called off" in capsys.readouterr().out
    )


def test_a_plan_is_adopted_once(capsys: pytest.CaptureFixture[str]) -> None:
    for told in ("14 tasks added, 0 were there\n", "0 tasks added, 14 were there\n"):
        assert main(["tasks", "adopt", "湘潭", "--year", "2099"]) == 0
        assert capsys.readouterr().out == told


@pytest.mark.parametrize(
    ("command", "status", "sentence"),
    [
        (["courses", "cancel", "9"], 1, "there is no course 9"),
        (["courses", "list", "--area", "火星"], 2, "no area is called 火星"),
        (["events", "cancel", "9"], 1, "event 9 is over, off, or there is none"),
        (["tasks", "plan", "濮阳"], 2, "no plan is kept for this area"),
        (["tasks", "drop", "9"], 1, "there is no task 9"),
        (["tasks", "add", "x", "--area", "定陶", "--staff", "没有"], 1, "there is no 没有"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    command: list[str], status: int, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command) == status
    assert capsys.readouterr().err.startswith(sentence)


@pytest.mark.parametrize("command", [["events", "count"], ["import", "differences", "--all"]])
def test_that_there_is_nothing_yet_is_said(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command) == 0
    assert capsys.readouterr() == ("", "there is nothing yet\n")
