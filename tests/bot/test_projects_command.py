"""`guiyan projects`, `sites`, `demo` as operators use them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import BAD_USE, FAILED, OK, main

LIST = (
    "项目名称,行业,县,来源部门,投资,风险提示,有效期\n"
    "林下养鸡,养殖,湘乡市,农业农村局,3万—5万,鸡瘟来了亏得快,2099-06-30\n"
)
MARKS = "is_real=2,money=1,sales=2,risk=2,fits_people=1,no_fees=2"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with a list of one project."""
    (tmp_path / "list.csv").write_text(LIST, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _import() -> None:
    assert main(["import", "projects", "list.csv", "--staff", "小李"]) == OK


def _act(*words: str, staff: str = "老张") -> int:
    return main(["projects", *words, "--staff", staff])


def test_from_a_list_to_the_people(capsys: pytest.CaptureFixture[str]) -> None:
    _import()
    assert _act("review", "1", "--marks", MARKS) == OK
    assert _act("publish", "1") == OK
    assert main(["projects", "list", "--area", "湘潭"]) == OK
    assert "林下养鸡  湘乡  种养  published  农业农村局" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "staff", "status", "said"),
    [
        (("review", "1", "--marks", MARKS), "小李", FAILED, "same person"),
        (("review", "1", "--marks", "is_real=3"), "老张", BAD_USE, "0, 1 or 2"),
        (("review", "1", "--marks", "is_real=2"), "老张", FAILED, "the form asks"),
        (("publish", "1"), "老张", FAILED, "is draft"),
        (("publish", "9"), "老张", FAILED, "no project 9"),
        (("verify", "1", "--until", "soon"), "老张", BAD_USE, "2027-06-30"),
        (("edit", "1", "颜色=红"), "老张", BAD_USE, "none of"),
        (("edit", "1", "本钱=很多"), "老张", BAD_USE, "看不出要多少钱"),
        (("limit", "湘乡市", "mining", "3"), "老张", BAD_USE, "farming"),
        (("limit", "没有的地方", "farming", "3"), "老张", BAD_USE, "no county or town"),
    ],
)
def test_what_may_not_be_is_said_in_a_sentence(
    words: tuple[str, ...],
    staff: str,
    status: int,
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _import()
    assert _act(*words, staff=staff) == status
    assert said in capsys.readouterr().err


def test_an_edit_is_a_new_version(capsys: pytest.CaptureFixture[str]) -> None:
    _import()
    assert _act("edit", "1", "本钱=8万—12万", "名额=3", "项目名称=林下养鸭") == OK
    assert main(["projects", "show", "1"]) == OK
    out = capsys.readouterr().out
    assert "林下养鸭" in out
    assert "本钱 8万–12万，名额 3" in out
    assert "第2版 edited staff:老张" in out


def test_made_up_projects_are_marked_and_loaded_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo"]) == OK
    assert main(["demo"]) == OK
    assert "新存 0 条" in capsys.readouterr().out
    assert main(["projects", "list"]) == OK
    assert main(["sites", "list"]) == OK
    lines = capsys.readouterr().out.splitlines()
    assert lines
    assert [line for line in lines if "演示" not in line] == []


def test_made_up_projects_go_away(capsys: pytest.CaptureFixture[str]) -> None:
    main(["demo"])
    assert main(["demo", "--remove"]) == OK
    assert main(["projects", "list", "--state", "published"]) == OK
    assert main(["sites", "list"]) == OK
    assert "published" not in capsys.readouterr().out


def test_a_gov_deployment_has_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GUIYAN_DEPLOYMENT", "gov")
    assert main(["demo"]) == BAD_USE
    assert "gov" in capsys.readouterr().err
