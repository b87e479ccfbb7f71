"""The doctor on WeCom: every missing step of the console is named, and how to make it good."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path

import pytest
from aiohttp import web

from bot.findings import Grade
from bot.wecom_doctor import TEST_LINE
from bot.wiring import build
from records.messages import Inbound
from tests.support.wecom import faults
from tests.support.wecom_office import MODES, Office, an_office


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path) as office:
        yield office


async def _refuse(messages: Iterable[Inbound]) -> list[bool]:
    raise AssertionError


async def test_a_corp_that_is_set_up_has_no_fault(office: Office) -> None:
    found = [str(one) for one in await office.findings()]
    assert [line for line in found if line.startswith("FAULT")] == []
    assert sum("callback address" in line for line in found) == len(MODES)
    assert "ok    wecom app 可见范围 (1 members, 0 departments and tags)" in found


def _no_servicer(office: Office) -> None:
    office.wecom.kf.accounts[office.account()].servicers.clear()


def _not_managed(office: Office) -> None:
    office.wecom.kf.accounts[office.account()].is_managed = False


def _nobody_sees(office: Office) -> None:
    for member in office.wecom.corp.members.values():
        member.is_visible = False


def _set(**settings: str) -> Callable[[Office], None]:
    return lambda office: office.settings.update(
        {f"GUIYAN_{name}".upper(): value for name, value in settings.items()}
    )


def _untrusted(office: Office) -> None:
    office.wecom.tokens.apps["kf"].is_trusted = False


def _no_right(office: Office) -> None:
    office.wecom.tokens.apps["contact"].rights = frozenset()


def _refused(path: str, code: int) -> Callable[[Office], None]:
    return lambda office: office.wecom.faults.next(path, faults.code(code), times=9)


STEPS = [
    (_set(wecom_app_secret="x" * 43), "wecom app corp id and secret", "CORP_ID and"),
    (_set(wecom_corp_id="ww1"), "wecom kf corp id and secret", "40013"),
    (_refused("gettoken", 45009), "wecom kf corp id and secret", "left alone until"),
    (_set(wecom_app_agent_id="7"), "wecom app", "check GUIYAN_WECOM_APP_AGENT_ID"),
    (_nobody_sees, "wecom app 可见范围", "nobody can see the app"),
    (_refused("agent/get", 50003), "wecom app", "enable it in the console"),
    (_untrusted, "wecom kf", "(127.0.0.1) is not among the app's 企业可信IP"),
    (_set(wecom_kf_accounts="wk_other"), "wecom kf account wk_other", "`guiyan wecom accounts`"),
    (_set(wecom_kf_accounts=""), "wecom kf accounts", "GUIYAN_WECOM_KF_ACCOUNTS is empty"),
    (_not_managed, "wecom kf account", "可管理的客服账号"),
    (_no_servicer, "wecom kf 接待人员", "nobody can take over a talk"),
    (_refused("kf/account/list", 95017), "wecom kf", "switched off"),
    (_refused("kf/servicer/list", 48007), "wecom kf", "48007"),
    (_refused("kf/account/list", 12345), "wecom kf", "devtool/query?e=12345"),
    (_no_right, "wecom contact", "48002"),
    (_refused("externalcontact/get_follow_user_list", 84074), "wecom contact", "权限配置"),
    (lambda office: office.wecom.contacts.stewards.clear(), "wecom contact", "权限配置"),
    (_set(public_url=""), "wecom kf callback address", "GUIYAN_PUBLIC_URL is not set"),
    (_set(public_url="http://127.0.0.1:9"), "wecom kf callback address", "nothing takes"),
    (_set(public_url="http://guiyan.invalid"), "wecom kf callback address", "(DNS)"),
    (_set(wecom_kf_token="other"), "wecom kf callback address", "another Token or corp id"),
    (_set(wecom_kf_aes_key="b" * 43), "wecom kf callback address", "another EncodingAESKey"),
    (_set(wecom_base_url="http://127.0.0.1:9"), "wecom at http://127.0.0.1:9", "cannot be asked"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "name", "mend"), STEPS)
async def test_a_missing_step_is_named_with_its_mend(
    office: Office, spoil: Callable[[Office], None], name: str, mend: str
) -> None:
    spoil(office)
    assert any(name in fault and mend in fault for fault in await office.faults())


ANSWERS = [
    (lambda: web.Response(status=404), "started without these settings"),
    (lambda: web.Response(status=502), "not the service behind it"),
    (lambda: web.Response(status=302), "it sends on to another address"),
    (lambda: web.Response(status=401), "something before the service refuses"),
    (lambda: web.Response(text="<html>欢迎</html>"), "leads elsewhere"),
]


@pytest.mark.parametrize(("answer", "meaning"), ANSWERS)
async def test_what_answers_at_the_address_is_told_apart(
    office: Office, answer: Callable[[], web.Response], meaning: str
) -> None:
    office.answer = answer
    faults = await office.faults()
    assert [meaning in fault for fault in faults] == [True] * len(MODES)


async def test_a_slow_address_is_told_before_the_console_refuses_it(office: Office) -> None:
    office.switch_off("app", "contact")
    office.delay = 1.05
    (fault,) = await office.faults()
    assert "seconds to answer, and WeCom waits one" in fault


@pytest.mark.parametrize(
    ("ahead", "way"), [(7200, "120 minutes ahead of"), (-600, "10 minutes behind")]
)
async def test_a_wrong_clock_comes_first(office: Office, ahead: float, way: str) -> None:
    found = await office.findings(ahead=ahead)
    assert way in found[0].words
    assert len(found) == 2


async def test_a_servicer_at_rest_is_no_fault(office: Office) -> None:
    office.wecom.kf.accounts[office.account()].servicers["zhang"] = False
    found = await office.findings()
    assert any("begins to receive" in one.words and one.grade is Grade.NOTE for one in found)


async def test_robots_speak_only_when_told_to(office: Office) -> None:
    (key,) = office.wecom.robots.known()
    assert any("--speak" in one.words for one in await office.findings())
    assert office.wecom.robots.shown(key) == []
    assert await office.faults(speaks=True) == []
    assert [one.body["content"] for one in office.wecom.robots.shown(key)] == [TEST_LINE]


async def test_a_robot_that_was_removed_is_told(office: Office) -> None:
    office.settings["GUIYAN_WECOM_ROBOTS"] = "值班群=gone"
    (fault,) = await office.faults(speaks=True)
    assert "copy its address anew" in fault


async def test_a_mode_that_is_off_is_told_with_the_page_that_switches_it_on(
    office: Office,
) -> None:
    office.switch_off("contact")
    found = [str(one) for one in await office.findings()]
    assert any("off" in line and "docs/howto/wecom_contact.md" in line for line in found)


async def test_before_accounts_are_known_nobody_is_served_and_it_says_so(office: Office) -> None:
    office.settings["GUIYAN_WECOM_KF_ACCOUNTS"] = ""
    app = build(office.loaded())
    await app.open()
    channel = app.channels["wecom_kf"]
    assert "`guiyan wecom accounts`" in channel.fault()
    assert list(channel.routes(_refuse))
    await channel.close()
    await app.database.close()


@pytest.mark.parametrize(("is_spoiled", "status"), [(False, 0), (True, 1)])
async def test_the_command_ends_as_its_lines_say(
    office: Office, is_spoiled: bool, status: int
) -> None:
    if is_spoiled:
        _not_managed(office)
    await office.guiyan("migrate")
    code, said = await office.guiyan("doctor")
    assert (code, "FAULT" in said, "Traceback" in said) == (status, is_spoiled, False)
    assert not office.tells_a_secret(said)


async def test_config_shows_every_setting_and_no_secret(office: Office) -> None:
    code, said = await office.guiyan("config")
    assert code == 0
    assert [name for name in office.wecom.settings() if f"{name} = " not in said] == []
    assert not office.tells_a_secret(said)


async def test_a_setting_that_is_missing_ends_with_status_two(office: Office) -> None:
    office.settings["GUIYAN_WECOM_KF_TOKEN"] = ""
    code, said = await office.guiyan("doctor")
    assert code == 2
    assert "GUIYAN_WECOM_KF_TOKEN is required for 微信客服: Token under 接收消息" in said


async def test_nothing_secret_is_said(office: Office) -> None:
    office.wecom.faults.often("*", faults.code(60020), 0.5)
    said = "\n".join(str(one) for one in await office.findings(speaks=True))
    assert not office.tells_a_secret(said)
