"""`guiyan audience`: counted, looked at with masked phones, kept, and faults marked."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import main


@pytest.fixture(autouse=True)
def _store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIYAN_DATABASE_URL", f"sqlite:///{tmp_path}/guiyan.db")


def test_the_people_of_an_office_are_counted_and_looked_at(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["demo"])
    capsys.readouterr()
    assert main(["audience", "count", "在外地", "--area", "湘乡"]) == 0
    told = capsys.readouterr().out
    assert told == "听成：在外地\n合条件4人，现在能发0人。\n不能发：没同意过收4人。\n"
    assert main(["audience", "sample", "在外地 现在在广东", "--area", "湘乡"]) == 0
    assert "100****0003 湘乡市泉塘镇泉塘村" in capsys.readouterr().out


def test_an_audience_is_kept_counted_by_name_and_dropped(
    capsys: pytest.CaptureFixture[str],
) -> None:
    there = ["--area", "湘乡"]
    assert main(["audience", "save", "春节名单", "在外地 且 想创业", *there]) == 0
    assert main(["audience", "count", "春节名单", *there]) == 0
    assert "听成：在外地 且 想创业" in capsys.readouterr().out
    assert main(["audience", "list"]) == 0
    assert "春节名单（湘乡市，terminal" in capsys.readouterr().out
    assert main(["audience", "drop", "春节名单", *there]) == 0
    assert main(["audience", "show", "春节名单", *there]) == 1


@pytest.mark.parametrize(
    ("command", "status", "sentence"),
    [
        (["count", "老家在亚特兰"], 2, "老家在亚特兰\n　　　^\n第4个字“亚特兰”"),
        (["save", "", "在外"], 2, "名称要1到40个字"),
        (["save", "在外", "会电工"], 2, "“在外”本身就是一个条件"),
        (["count", "在外", "--area", "火星"], 2, "no area is called 火星"),
        (["count", "在外", "--staff", "没有"], 1, "there is no 没有"),
        (["drop", "没有"], 1, "没有叫“没有”的"),
    ],
)
def test_what_cannot_be_is_said(
    command: list[str], status: int, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audience", *command]) == status
    assert capsys.readouterr().err.startswith(sentence)


def test_tags_are_put_by_phone_all_or_none(capsys: pytest.CaptureFixture[str]) -> None:
    main(["demo"])
    two = ["10000000001", "10000000002"]
    assert main(["people", "tag", "直播学员", *two, "--area", "湘乡"]) == 0
    assert main(["people", "tag", "好人", two[0], "10000000099"]) == 1
    assert main(["people", "tag", "低保户", *two]) == 2
    assert main(["people", "untag", "直播学员", two[0]]) == 0
    capsys.readouterr()
    assert main(["people", "tags"]) == 0
    assert capsys.readouterr().out == "直播学员 1人\n"


def test_who_is_of_another_area_is_not_tagged(capsys: pytest.CaptureFixture[str]) -> None:
    main(["demo"])
    assert main(["people", "tag", "直播学员", "10000000001", "--area", "定陶"]) == 1
    assert "尾号0001的手机没有人用" in capsys.readouterr().err
