"""`guiyan wecom`: the accounts to choose from, and the code that hangs in a village."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from argparse import Namespace
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cli import CommandError
from bot.commands import wecom as command
from bot.settings import Settings, SettingsError, load
from tests.support.program import clean_environment
from tests.support.wecom import faults
from tests.support.wecom.server import WeCom

DINGTAO = "371703"


@pytest.fixture
async def wecom() -> AsyncIterator[WeCom]:
    async with WeCom() as wecom:
        yield wecom


def _settings(wecom: WeCom, folder: Path, **changed: str) -> Settings:
    given = wecom.settings() | {
        "GUIYAN_DATABASE_URL": f"sqlite:///{folder}/guiyan.db",
        "GUIYAN_AREAS": "定陶",
        **{f"GUIYAN_{name.upper()}": value for name, value in changed.items()},
    }
    return load({name: value for name, value in given.items() if value}, folder)


async def _link(settings: Settings, folder: Path, **options: str) -> None:
    chosen = {"account": "", "scene": "poster", "place": "", "out": f"{folder}/code.svg"}
    await asyncio.to_thread(command.link, Namespace(**{**chosen, **options}), settings)


async def test_who_scans_the_code_of_a_place_comes_with_its_area(
    wecom: WeCom, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await _link(_settings(wecom, tmp_path), tmp_path, place="定陶", scene="station-1")
    url = capsys.readouterr().out.strip()
    customer = wecom.kf.customer()
    assert wecom.kf.scans(customer, url)
    known = wecom.kf.customers[customer]
    assert (known.scene, known.scene_param) == ("station-1", DINGTAO)
    assert (tmp_path / "code.svg").read_text().startswith("<?xml")


@pytest.mark.parametrize(
    "place", ["定陶区冉堌镇", "371703-冉堌镇", "山东省菏泽市定陶区的冉堌镇", "我老家定陶冉堌镇"]
)
async def test_a_town_stands_after_the_code_of_its_county(
    wecom: WeCom, tmp_path: Path, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    await _link(_settings(wecom, tmp_path), tmp_path, place=place)
    told = capsys.readouterr()
    customer = wecom.kf.customer()
    assert wecom.kf.scans(customer, told.out.strip())
    assert wecom.kf.customers[customer].scene_param == f"{DINGTAO}-冉堌镇"
    assert "记作冉堌镇" in told.err


async def test_a_code_without_a_place_is_one_too(
    wecom: WeCom, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await _link(_settings(wecom, tmp_path), tmp_path, out=f"{tmp_path}/code.png")
    assert wecom.kf.scans(wecom.kf.customer(), capsys.readouterr().out.strip())
    assert (tmp_path / "code.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("place", "remark"), [("定陶", "就按山东省菏泽市定陶区的政策答"), ("湖北省武汉市", "还没有")]
)
async def test_it_is_said_whose_rules_will_hold(
    wecom: WeCom, tmp_path: Path, capsys: pytest.CaptureFixture[str], place: str, remark: str
) -> None:
    await _link(_settings(wecom, tmp_path), tmp_path, place=place)
    assert remark in capsys.readouterr().err


WRONG = [
    ({"place": "火星"}, {}, "不知道「火星」是哪里"),
    ({"place": "定陶区就业服务中心"}, {}, "不知道「就业服务中心」是山东省菏泽市定陶区的哪里"),
    ({"place": "定陶和台前"}, {}, "不知道「和台前」是"),
    ({"place": "371703-冉堌镇服务站"}, {}, "不知道「冉堌镇服务站」是"),
    ({"place": "菏泽市冉堌镇"}, {}, "先写县名"),
    ({"place": "定陶 濮阳"}, {}, "可以是.*、.*: 只写其中一个"),
    ({"scene": "菏泽站"}, {}, "--scene takes 1 to 32"),
    ({"scene": "x" * 33}, {}, "--scene takes 1 to 32"),
    ({"out": "code.pdf"}, {}, "ends in .svg or .png"),
    ({"account": "wk_other"}, {}, "is not of this corp"),
    ({}, {"wecom_kf_accounts": ""}, "name the account"),
    ({}, {"wecom_kf_secret": "wrong"}, "check GUIYAN_WECOM_CORP_ID"),
    ({"out": "/nowhere/code.svg"}, {}, "cannot be written"),
]


@pytest.mark.parametrize(("options", "changed", "sentence"), WRONG)
async def test_what_cannot_be_is_said_in_a_sentence(
    wecom: WeCom,
    tmp_path: Path,
    options: dict[str, str],
    changed: dict[str, str],
    sentence: str,
) -> None:
    with pytest.raises(CommandError, match=sentence):
        await _link(_settings(wecom, tmp_path, **changed), tmp_path, **options)


async def test_a_platform_that_does_not_answer_is_said(wecom: WeCom, tmp_path: Path) -> None:
    wecom.faults.next("kf/add_contact_way", faults.HTML, times=9)
    with pytest.raises(CommandError, match="try again later"):
        await _link(_settings(wecom, tmp_path), tmp_path)
    assert not (tmp_path / "code.svg").exists()


def test_what_only_calls_needs_no_keys_of_the_callback(tmp_path: Path) -> None:
    given = {"GUIYAN_WECOM_CORP_ID": "ww1", "GUIYAN_WECOM_KF_SECRET": "s" * 43}
    assert load(given, tmp_path, hears=False).wecom_kf_secret == "s" * 43
    with pytest.raises(SettingsError, match="GUIYAN_WECOM_KF_TOKEN is required"):
        load(given, tmp_path)
    with pytest.raises(SettingsError, match="GUIYAN_WECOM_KF_SECRET is required"):
        load({"GUIYAN_WECOM_KF_ACCOUNTS": "wk1"}, tmp_path, hears=False)


@pytest.mark.parametrize(
    ("arguments", "status", "part"),
    [(["wecom", "accounts"], 1, "does not answer"), (["doctor"], 2, "KF_TOKEN is required")],
)
def test_the_accounts_are_asked_for_with_the_secret_alone(
    tmp_path: Path, arguments: list[str], status: int, part: str
) -> None:
    given = {
        "GUIYAN_WECOM_CORP_ID": "ww1",
        "GUIYAN_WECOM_KF_SECRET": "s" * 43,
        "GUIYAN_WECOM_BASE_URL": "http://127.0.0.1:9",
    }
    command = [sys.executable, "-m", "bot", *arguments]
    environment = clean_environment() | given
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, part in done.stderr) == (status, True)


async def test_the_accounts_are_listed_before_any_is_chosen(
    wecom: WeCom, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = next(iter(wecom.kf.accounts))
    others = [wecom.kf.account(f"站点{n}") for n in range(149)]
    settings = _settings(wecom, tmp_path, wecom_kf_accounts="")
    await asyncio.to_thread(command.list_accounts, Namespace(), settings)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [first, *others]
