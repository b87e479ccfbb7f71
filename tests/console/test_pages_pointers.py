"""名录 and 工作机构: kept by the county, looked at by who may, of use to people and requests."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from records import bodies, pointers
from records.database import Session
from records.pointers import PARTNERS, PUBLICITY, Pointer, PointerKind
from records.staff_accounts import StaffRole
from tests.support.console import Stage

COLUMN = {"kind": "专栏", "name": "返乡创业专栏", "way": "打开人社APP，点返乡创业"}


async def test_a_channel_has_the_day_of_its_check_and_may_be_taken_back(stage: Stage) -> None:
    county = await stage.staff()
    await county.post("/pointers", **COLUMN)
    [one] = await stage.database.read(pointers.for_home, "371703", PUBLICITY)
    assert one.checked_on == stage.now.date()
    await county.post(f"/pointers/{one.number}/drop")
    assert await stage.database.read(pointers.for_home, "371703", PUBLICITY) == []
    await county.post(f"/pointers/{one.number}/back")
    assert "返乡创业专栏" in (await county.get("/pointers")).words


async def test_what_nobody_looked_at_for_half_a_year_is_to_be_checked(stage: Stage) -> None:
    county, long_ago = await stage.staff(), stage.now - timedelta(days=200)

    def put(session: Session) -> int:
        told = Pointer(PointerKind.VIDEO, "返乡故事", "371703", way="村口大屏")
        told = replace(told, checked_on=long_ago.date())
        return pointers.put(session, told, by="小周", at=long_ago)

    number = await stage.database.run(put)
    assert "要核对" in (await county.get("/pointers")).words
    assert "名录半年没核对了" in (await county.get("/")).words
    await county.post(f"/pointers/{number}/check")
    assert "要核对" not in (await county.get("/pointers")).words


async def test_partners_stand_apart_by_city(stage: Stage) -> None:
    county = await stage.staff()
    await county.post(
        "/pointers?of=partners", kind="商会", name="广州商会", city="广州", phone="020-1"
    )
    assert "广州商会" in (await county.get("/pointers?of=partners")).words
    assert "广州商会" not in (await county.get("/pointers")).words
    [one] = await stage.database.read(pointers.for_home, "371703", PARTNERS)
    assert (one.kind, one.city) == (PointerKind.CHAMBER, "广州")


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"link": "http://x.cn"}, "https://"),
        ({"phone": "找老王"}, "单位的电话"),
        ({"way": ""}, "至少写一样"),
        ({"kind": "亲戚"}, "从列出的里面选"),
    ],
)
async def test_what_nobody_could_follow_is_not_kept(
    stage: Stage, fields: dict[str, str], word: str
) -> None:
    answer = await (await stage.staff()).post("/pointers", **{**COLUMN, **fields})
    assert (answer.status, word in answer.words) == (422, True)


@pytest.mark.parametrize("area", ["430381", "371703102"])
async def test_nobody_else_s_staff_changes_one(stage: Stage, area: str) -> None:
    await (await stage.staff()).post("/pointers", **COLUMN)
    other = await stage.staff("外人", StaffRole.STAFF, area)
    assert (await other.post("/pointers/1/drop")).status == 404


async def test_a_body_has_two_heads_and_what_it_takes(stage: Stage) -> None:
    county = await stage.staff()
    await stage.staff("老张")
    await county.post("/bodies", kind="服务组", name="经济类服务组", matters="money")
    for name in ("小周", "老张"):
        await county.post("/bodies/1/seat", staff=name, title="组长")
    page = await county.get("/bodies")
    assert "组长：小周 组长：老张" in page.words
    assert "先接：资金" in page.words

    def takes(session: Session, matter: str) -> frozenset[str]:
        return bodies.who_takes(session, "371703", matter)

    assert await stage.database.read(takes, "money") == {"小周", "老张"}
    assert await stage.database.read(takes, "land") == frozenset()
    await county.post("/bodies/1/seat", staff="老张")
    assert "老张" not in (await county.get("/bodies")).words.partition("加人")[0]
    await county.post("/bodies/1/drop")
    assert "还没有工作机构" in (await county.get("/bodies")).words


async def test_another_county_s_body_is_not_there(stage: Stage) -> None:
    await (await stage.staff()).post("/bodies", kind="领导小组", name="领导小组")
    other = await stage.staff("外人", StaffRole.STAFF, "430381")
    assert "领导小组办公室" not in (await other.get("/bodies")).words
    assert (await other.post("/bodies/1/seat", staff="外人", title="组长")).status == 404


@pytest.mark.parametrize("path", ["/pointers", "/pointers?of=partners"])
async def test_the_form_leads_back_to_its_own_list(stage: Stage, path: str) -> None:
    page = await (await stage.staff()).get(path)
    assert f'<form method="post" action="/console{path}"' in page.text
    assert f'<a href="/console{path}" aria-current="page"' in page.text
