"""People who work here are added, changed, let in and let go by who is in charge of them."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from records import audit, staff_accounts
from records.staff_accounts import Staff, StaffRole
from tests.support.console import Browser, Stage

OTHER = "430381"


async def _joined(stage: Stage, name: str, role: StaffRole, area: str) -> str:
    await stage.staff(name, role, area)
    return f"/staff/{quote(name)}"


async def _known(stage: Stage, name: str) -> Staff:
    return await stage.database.read(staff_accounts.named, name)


async def _changed(browser: Browser, path: str, role: str, place: str, seen: str) -> int:
    return (await browser.post(path, role=role, place=place, seen=seen)).status


async def test_those_of_another_county_are_not_listed(stage: Stage) -> None:
    await _joined(stage, "小邻", StaffRole.STAFF, OTHER)
    await _joined(stage, "小村", StaffRole.STEWARD, "371703")
    words = (await (await stage.staff()).get("/staff")).words
    assert ("小邻" in words, "小村" in words) == (False, True)


@pytest.mark.parametrize("way", ["", "/link", "/bind", "/disable", "/hand-over", "/sign-out"])
async def test_nobody_of_another_county_is_touched(stage: Stage, way: str) -> None:
    path = await _joined(stage, "小邻", StaffRole.STAFF, OTHER)
    browser = await stage.staff()
    answer = await browser.post(path + way, role="staff", place="定陶区", seen=f"staff {OTHER}")
    assert (answer.status, "小邻" in answer.text) == (404, False)


async def test_somebody_joins(stage: Stage) -> None:
    browser = await stage.staff()
    answer = await browser.post("/staff-new", name="小新", role="commissioner", place="定陶区")
    assert answer.status == 303
    one = await _known(stage, "小新")
    assert (one.role, one.area) == (StaffRole.COMMISSIONER, "371703")


WRONG = {
    "a place elsewhere": ({"name": "小新", "role": "staff", "place": "韶山市"}, "负责的范围"),
    "everywhere": ({"name": "小新", "role": "staff", "place": "全部"}, "负责的范围"),
    "no such place": ({"name": "小新", "role": "staff", "place": "月球"}, "没有这个地方"),
    "no name": ({"name": " ", "role": "staff", "place": "定陶区"}, "请填写"),
    "a name that is taken": ({"name": "小周", "role": "staff", "place": "定陶区"}, "已经有人"),
    "no such role": ({"name": "小新", "role": "king", "place": "定陶区"}, "请从列出的"),
}


@pytest.mark.parametrize("case", WRONG)
async def test_what_is_wrong_is_said_at_its_field(stage: Stage, case: str) -> None:
    typed, fault = WRONG[case]
    answer = await (await stage.staff()).post("/staff-new", **typed)
    assert answer.status == 422
    assert fault in answer.words


async def test_who_sees_to_the_machine_is_not_named_by_a_county(stage: Stage) -> None:
    typed = {"name": "小机", "role": "operator", "place": "定陶区"}
    assert (await (await stage.staff()).post("/staff-new", **typed)).status == 404


async def test_another_role(stage: Stage) -> None:
    path = await _joined(stage, "小村", StaffRole.STEWARD, "371703")
    browser = await stage.staff()
    assert await _changed(browser, path, "mentor", "定陶区", "steward 371703") == 303
    assert (await _known(stage, "小村")).role is StaffRole.MENTOR


async def test_a_colleague_was_faster(stage: Stage) -> None:
    path = await _joined(stage, "小村", StaffRole.STEWARD, "371703")
    assert await _changed(await stage.staff(), path, "mentor", "定陶区", "head 371703") == 409
    assert (await _known(stage, "小村")).role is StaffRole.STEWARD


@pytest.mark.parametrize("way", ["", "/link", "/disable"])
async def test_nobody_changes_themselves(stage: Stage, way: str) -> None:
    browser = await stage.staff()
    path = f"/staff/{quote('小周')}{way}"
    answer = await browser.post(path, role="staff", place="定陶区", seen="staff 371703")
    assert answer.status == 409
    assert (await _known(stage, "小周")).until is None


async def test_a_link_is_shown_once_and_lets_in(stage: Stage) -> None:
    path = await _joined(stage, "小村", StaffRole.CADRE, "371703")
    browser = await stage.staff()
    answer = await browser.post(f"{path}/link")
    code = answer.text.partition("/console/enter?code=")[2].partition("<")[0]
    assert len(code) == 24
    assert code not in (await browser.get(path)).text
    assert (await stage.nobody().get(f"/enter?code={code}")).status == 200


async def test_a_code_binds_a_chat_account(stage: Stage) -> None:
    path = await _joined(stage, "小村", StaffRole.CADRE, "371703")
    answer = await (await stage.staff()).post(f"{path}/bind")
    code = answer.text.partition("<code>")[2].partition("<")[0]
    offered = await stage.database.read(staff_accounts.offered, stage.vault, [code])
    assert offered[code].staff.name == "小村"


async def test_who_is_disabled_comes_in_no_more(stage: Stage) -> None:
    theirs = await stage.staff("小村", StaffRole.STAFF, "371703")
    browser = await stage.staff()
    assert (await theirs.get("/")).status == 200
    assert (await browser.post(f"/staff/{quote('小村')}/disable")).status == 303
    assert (await theirs.get("/")).status == 303
    assert "小村" in (await browser.get("/staff?state=gone")).words


async def test_a_disabled_one_is_not_disabled_twice(stage: Stage) -> None:
    path = await _joined(stage, "小村", StaffRole.STEWARD, "371703")
    browser = await stage.staff()
    await browser.post(f"{path}/disable")
    assert (await browser.post(f"{path}/disable")).status == 409


async def test_dossiers_go_to_nobody_of_another_county(stage: Stage) -> None:
    path = await _joined(stage, "专员甲", StaffRole.COMMISSIONER, "371703")
    await _joined(stage, "专员乙", StaffRole.COMMISSIONER, OTHER)
    answer = await (await stage.staff()).post(f"{path}/hand-over", to="专员乙")
    assert answer.status == 404


async def test_each_change_is_in_the_trail(stage: Stage) -> None:
    path = await _joined(stage, "小村", StaffRole.STEWARD, "371703")
    browser = await stage.staff()
    await browser.post(f"{path}/link")
    await browser.post(f"{path}/disable")
    rows = await stage.database.read(audit.of, "小村")
    by_me = [row.act for row in rows if row.actor == "staff:小周"]
    assert by_me == ["console.link_given", "staff.disabled"]
