"""`guiyan groups` and `guiyan broadcast` as an operator types them, on a stored register."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli import main
from records import customers, schema
from records.customers import Contact, Group, Member
from records.database import Database, Session
from records.vault import Vault
from tests.support.wecom_settings import contact_settings

KEY = "0123456789abcdef0123456789abcdef"
AT = datetime(2026, 11, 20, tzinfo=UTC)

Guiyan = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose database knows two groups of one owner and two customers."""
    folder = tmp_path_factory.mktemp("broadcasts")
    (folder / "var").mkdir()
    asyncio.run(_seeded(f"sqlite:///{folder}/var/guiyan.db"))
    return folder


async def _seeded(url: str) -> None:
    database = Database(url)
    await schema.migrate(database)
    await database.run(_fill, Vault(KEY))
    await database.close()


def _fill(session: Session, vault: Vault) -> None:
    people = tuple(Member(f"wm{n}", False, AT) for n in range(3))
    for chat_id, name in (("wr1", "张湾返乡群"), ("wr2", "外地老乡群")):
        customers.keep_group(session, vault, Group(chat_id, "LiSi", name, AT, "1", people), AT)
    contacts = [Contact("wm1", "LiSi", AT, "371703-张湾", (), "小王"), Contact("wm2", "LiSi", AT)]
    customers.keep_contacts(session, vault, contacts)


@pytest.fixture
def guiyan(
    seeded: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Guiyan:
    """Run a command in a copy of that folder."""
    shutil.copytree(seeded / "var", tmp_path / "var")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GUIYAN_DATABASE_URL", raising=False)
    given = {"GUIYAN_SECRET_KEY": KEY, "GUIYAN_NOW": "2026-11-23T10:00+08:00"}
    for name, value in {**given, **contact_settings()}.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def test_groups_are_listed_by_the_place_that_an_operator_gave(guiyan: Guiyan) -> None:
    assert guiyan("groups", "list", "--area", "菏泽")[1] == "没有。\n"
    assert guiyan("groups", "place", "wr1", "定陶")[1] == "wr1 记为山东省菏泽市定陶区的群。\n"
    listed = guiyan("groups", "list", "--area", "菏泽")[1]
    assert listed == "wr1  LiSi  山东省菏泽市定陶区  3人  张湾返乡群\n"


def test_a_dry_run_says_who_gets_it_and_asks_for_nothing(guiyan: Guiyan) -> None:
    status, out, _ = guiyan("broadcast", "new", "--owner", "LiSi", "--dry-run", "招工")
    assert (status, out.splitlines()[0]) == (0, "会发给2个群，1位员工确认。")
    assert guiyan("broadcast", "list")[1] == "没有。\n"


def test_a_broadcast_is_asked_for_once_and_shown_with_reasons(
    guiyan: Guiyan, tmp_path: Path
) -> None:
    (tmp_path / "notice.txt").write_text("周六有招聘会。\n", encoding="utf-8")
    asked = ("broadcast", "new", "--groups", "wr1,wr9", "--key", "fair", "notice.txt")
    assert guiyan(*asked)[0] == 0
    assert guiyan(*asked)[0] == 1
    shown = guiyan("broadcast", "show", "fair")[1]
    assert "周六有招聘会。" in shown
    assert "LiSi  wr1  张湾返乡群  等确认" in shown
    assert "wr9    群已解散或不认识" in shown


def test_a_stewards_account_is_the_same_in_any_case(guiyan: Guiyan) -> None:
    out = guiyan("broadcast", "new", "--owner", "lisi", "--dry-run", "招工")[1]
    assert out.splitlines()[:2] == ["会发给2个群，1位员工确认。", "LiSi（2个群）"]
    assert "LiSi" in guiyan("groups", "list", "--owner", "LISI")[1]


@pytest.mark.parametrize("more", [(), ("--customers",), ("--dry-run",)])
def test_a_steward_of_nothing_is_refused(guiyan: Guiyan, more: tuple[str, ...]) -> None:
    status, _, said = guiyan("broadcast", "new", "--owner", "NoOne", *more, "招工")
    assert (status, "NoOne 名下没有客户" in said) == (1, True)
    assert guiyan("broadcast", "list")[1] == "没有。\n"


def test_a_file_that_is_no_picture_is_refused_before_it_is_promised(
    guiyan: Guiyan, tmp_path: Path
) -> None:
    (tmp_path / "poster.jpg").write_bytes(b"GIF89a")
    asked = ("broadcast", "new", "--groups", "wr1", "--image", "poster.jpg", "招工")
    status, _, said = guiyan(*asked)
    assert (status, "poster.jpg 不是JPG或PNG" in said) == (2, True)
    (tmp_path / "poster.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    assert guiyan(*asked)[0] == 0


def test_customers_are_found_by_the_code_they_came_by(guiyan: Guiyan) -> None:
    asked = ("broadcast", "new", "--customers", "--area", "定陶", "--dry-run", "招工")
    out = guiyan(*asked)[1]
    assert out.splitlines()[:3] == [
        "会发给1位客户，1位员工确认。",
        "LiSi（1位客户）",
        "  wm1  小王",
    ]


def test_what_would_exceed_the_quota_is_left_out(
    guiyan: Guiyan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUIYAN_WECOM_QUOTA", "day")
    guiyan("broadcast", "new", "--groups", "wr1", "招工")
    out = guiyan("broadcast", "new", "--groups", "wr1,wr2", "又招工")[1]
    assert "wr1  张湾返乡群  次数到上限，没发" in out
    assert "wr2  外地老乡群  等确认" in out


def test_a_broadcast_can_be_cancelled_until_it_is_over(guiyan: Guiyan) -> None:
    guiyan("broadcast", "new", "--groups", "wr1", "--key", "fair", "招工")
    assert guiyan("broadcast", "remind", "fair")[0] == 1
    assert "取消1个任务" in guiyan("broadcast", "cancel", "fair")[1]
    assert "等着取消" in guiyan("broadcast", "show", "fair")[1]


REFUSALS = [
    (("new", "招工"), 2, "--groups、--owner 或 --area"),
    (("new", "--owner", "LiSi", "长" * 1400), 2, "文字太长"),
    (("new", "--owner", "LiSi", " "), 2, "没有文字"),
    (("new", "--owner", "LiSi", "nowhere.txt"), 2, "没有文件"),
    (("new", "--area", "火星", "招工"), 2, "不知道“火星”"),
    (("new", "--area", "定陶", "招工"), 1, "没有可发的"),
    (("new", "--owner", "LiSi", "--link", "ftp://a", "招工"), 2, "以http开头"),
    (("new", "--groups", "wr1", "--customers", "招工"), 2, "只能写一个"),
    (("show", "nothing"), 1, "没有群发"),
    (("cancel", "nothing"), 1, "没有群发"),
]


@pytest.mark.parametrize(("arguments", "status", "sentence"), REFUSALS)
def test_what_cannot_be_done_is_said_in_a_sentence(
    guiyan: Guiyan, arguments: tuple[str, ...], status: int, sentence: str
) -> None:
    ended, out, error = guiyan("broadcast", *arguments)
    assert (ended, out) == (status, "")
    assert sentence in error


def test_without_settings_nothing_is_asked_for(
    guiyan: Guiyan, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in contact_settings():
        monkeypatch.delenv(name)
    assert guiyan("broadcast", "new", "--owner", "LiSi", "招工")[0] == 2
