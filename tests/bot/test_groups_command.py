"""`guiyan groups` and `guiyan import groups` as an operator types them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.cli import main
from tests.support.wecom_settings import contact_settings

Guiyan = Callable[..., tuple[int, str, str]]
LIST = (
    "群名,类别,城市,县,群管,人数\n"
    "广州返乡创业群,城市群,广州,定陶区,小刘,312\n"
    "饭友,饭友群,,定陶区,,\n"
)
ONE = "1  小刘  山东省菏泽市定陶区  312人  广州返乡创业群  城市群  广州\n"


_ROBOT = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"  # the sample of the platform's own page
_WECOM = {**contact_settings(), "GUIYAN_WECOM_ROBOTS": f"站长={_ROBOT}"}
STAFF = (("小刘", "steward", "定陶"), ("老王", "staff", "定陶"), ("小濮", "staff", "台前"))


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a list and a database: a steward, and staff of two counties."""
    folder = tmp_path_factory.mktemp("groups")
    (folder / "list.csv").write_text(LIST, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        _stand_in(patch, folder)
        for name, role, area in STAFF:
            main(["staff", "add", name, "--role", role, "--area", area])
        yield folder


def _stand_in(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.chdir(folder)
    patch.delenv("GUIYAN_DATABASE_URL", raising=False)
    for name, value in {"GUIYAN_NOW": "2026-11-23T10:00+08:00", **_WECOM}.items():
        patch.setenv(name, value)


@pytest.fixture
def guiyan(
    seeded: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Guiyan:
    """Run a command in a copy of that folder."""
    shutil.copytree(seeded, tmp_path, dirs_exist_ok=True)
    _stand_in(monkeypatch, tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


@pytest.fixture
def listed(guiyan: Guiyan) -> Guiyan:
    """The same with the list imported."""
    guiyan("import", "groups", "list.csv")
    return guiyan


def test_a_list_comes_in_and_every_row_is_told(guiyan: Guiyan, tmp_path: Path) -> None:
    status, out, _ = guiyan("import", "groups", "list.csv")
    assert (status, "新存 1 行，补充 0 行，一样 0 行，不一样 0 行，没收 1 行。" in out) == (
        0,
        True,
    )
    assert guiyan("groups", "list")[1] == ONE
    assert "广州" not in (tmp_path / "list-导入结果.csv").read_text("utf-8-sig")


def test_a_dry_run_stores_nothing_and_begins_a_map(guiyan: Guiyan, tmp_path: Path) -> None:
    out = guiyan("import", "groups", "list.csv", "--dry-run", "--map", "m.toml")[1]
    assert "只是试一遍，什么都没有存" in out
    assert guiyan("groups", "list")[1] == "没有。\n"


def test_an_offices_own_word_is_taken_by_a_map(guiyan: Guiyan, tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text('[values."类别"]\n"饭友群" = "其他"\n', "utf-8")
    out = guiyan("import", "groups", "list.csv", "--map", "m.toml")[1]
    assert "新存 2 行" in out


@pytest.mark.parametrize(
    ("options", "is_listed"),
    [
        (("--area", "菏泽"), True),
        (("--area", "台前"), False),
        (("--kind", "城市群"), True),
        (("--kind", "heads"), False),
        (("--steward", "小刘"), True),
        (("--steward", "老王"), False),
        (("--waiting",), False),
        (("--staff", "小刘"), True),
        (("--staff", "老王"), True),
        (("--staff", "小濮"), False),
    ],
)
def test_groups_are_listed_by(listed: Guiyan, options: tuple[str, ...], is_listed: bool) -> None:
    assert listed("groups", "list", *options)[1] == (ONE if is_listed else "没有。\n")


def test_a_group_is_entered_by_hand_once(guiyan: Guiyan) -> None:
    asked = ("groups", "add", "上海乡贤群", "定陶", "--kind", "乡贤", "--size", "40")
    _, out, err = guiyan(*asked, "--staff", "老王")
    assert out == "记下了，1号，山东省菏泽市定陶区的群。\n类别：乡贤。\n"
    assert err == "还没说：群管；说全了才能往里发。\n"
    assert "还没说：群管" in guiyan("groups", "list", "--waiting")[1]
    assert guiyan(*asked)[0] == 1


def test_what_is_said_of_a_group_is_shown_with_who_said_it(listed: Guiyan) -> None:
    listed("groups", "kind", "1", "企业家", "--staff", "老王")
    listed("groups", "size", "1", "330")
    listed("groups", "place", "1", "定陶", "--city", "深圳")
    listed("groups", "rename", "1", "深圳老乡群")
    shown = listed("groups", "show", "1")[1]
    for said in (
        "类别：企业家",
        "人数：330",
        "城市：深圳",
        "群名：深圳老乡群",
        "微信（人工转发）",
        "安排 staff:老王",
    ):
        assert said in shown


def test_a_dropped_group_is_out_of_the_list_until_it_is_taken_back(listed: Guiyan) -> None:
    listed("groups", "drop", "1")
    assert listed("groups", "list")[1] == "没有。\n"
    assert "说过不用了" in listed("groups", "list", "--all")[1]
    assert "--back" in listed("groups", "size", "1", "9")[2]
    listed("groups", "drop", "1", "--back")
    assert listed("groups", "list")[1] == ONE


def test_a_group_with_a_robot_is_entered_once(listed: Guiyan) -> None:
    words = ("定陶", "--kind", "站长", "--steward", "小刘", "--size", "40", "--robot", "站长")
    assert listed("groups", "add", "站长工作群", *words)[0] == 0
    assert "企业微信群机器人" in listed("groups", "show", "2")[1]
    assert "2号就是这个群" in listed("groups", "add", "另一个名字", *words)[2]
    assert listed("groups", "size", "2", "41")[0] == 0


REFUSED = [
    (("place", "9", "定陶"), 1, "没有 9 这个群"),
    (("place", "9" * 30, "定陶"), 1, "这个群"),
    (("place", "-77", "定陶"), 1, "没有 -77 这个群"),
    (("place", "1", "火星"), 2, "不知道“火星”是哪里"),
    (("place", "1", "定陶", "--city", "城" * 21), 2, "最多20个字"),
    (("kind", "1", "饭友"), 2, "没有“饭友”这一类群"),
    (("steward", "1", "无名"), 1, "没有 无名 这位员工"),
    (("show", "1", "--staff", "小濮"), 1, "没有 1 这个群"),
    (("drop", "1", "--staff", "小刘"), 1, "由县里的工作人员"),
    (("place", "1", "台前", "--staff", "老王"), 1, "自己管的地方"),
    (("list", "--staff", "无名"), 1, "没有 无名 这位员工"),
    (("rename", "1", "老乡 13800000000"), 1, "不能有号码"),
    (("add", "老乡 13800000000", "定陶"), 1, "不能有号码"),
    (("add", "群", "台前", "--staff", "老王"), 1, "自己管的地方"),
    (("add", "群", "定陶", "--robot", "无名"), 1, "有：站长。"),
]


@pytest.mark.parametrize(("words", "status", "said"), REFUSED)
def test_what_cannot_be_is_said_in_a_sentence(
    listed: Guiyan, words: tuple[str, ...], status: int, said: str
) -> None:
    done, out, err = listed("groups", *words)
    assert (done, out, said in err) == (status, "", True)
    assert listed("groups", "list")[1] == ONE
