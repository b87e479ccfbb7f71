"""The privacy office on pages: requests, consents, retention, incidents, papers."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from docx import Document

from outreach.privacy import incidents as acting
from outreach.privacy import retention
from records import audit, consents, incidents, people
from records.consents import CORE, PUSH, Said
from records.database import Session
from records.incidents import Unit
from records.people import NICKNAME, PHONE, Entered, Person
from records.staff_accounts import StaffRole
from tests.support.console import Browser, Stage

COUNTY, OTHER = "371703", "430381"
DAY = timedelta(days=1)
PHONES = {"one": "13900000001", "far": "13900000002"}


@pytest.fixture
async def officer(stage: Stage) -> Browser:
    """Somebody of the county's privacy office; one person of theirs, one of another county."""

    def fill(session: Session) -> None:
        for name, area in (("one", COUNTY), ("far", OTHER)):
            said = (Said(CORE, True, stage.now, "1"), Said(PUSH, False, stage.now, "1"))
            texts = {PHONE: PHONES[name], NICKNAME: "王小二"}
            entered = Entered({}, texts, area=area, said=said)
            people.enter(session, stage.vault, name, entered, at=stage.now, account="fake:1")
            consents.note(session, name, said, channel="fake")

    await stage.database.run(fill)
    return await stage.staff("小周", area=COUNTY)


async def _entered(officer: Browser, kind: str = "deletion", phone: str = "13900000001") -> str:
    how = {"kind": kind, "way": "counter", "text": "来窗口说的", "phone": phone}
    answer = await officer.post("/privacy/requests", **how)
    assert answer.status == 303, answer.words
    return answer.path


async def test_a_deletion_is_not_done_while_the_person_is_still_there(
    officer: Browser, stage: Stage
) -> None:
    path = await _entered(officer)
    answer = await officer.post(f"{path}/settle", outcome="done")
    assert (answer.status, "他的信息还在" in answer.words) == (409, True)


async def test_a_deletion_goes_from_the_counter_to_the_receipt(
    stage: Stage, officer: Browser
) -> None:
    path = await _entered(officer)
    page = await officer.get(path)
    assert "王**" in page.words
    assert "承诺" in page.words
    assert "测试服务中心 每次查看" in page.words
    assert "13900000001" not in page.text
    assert (await officer.post(f"{path}/erase")).path == path
    assert await stage.database.read(lambda s: s.get(Person, "one")) is None
    page = await officer.get(path)
    assert "办结的凭证" in page.words
    assert path.rpartition("/")[2] in (await officer.get("/privacy/requests?tab=closed")).words


async def test_a_refusal_wants_its_reason_and_keeps_what_was_typed(officer: Browser) -> None:
    path = await _entered(officer, "correction")
    answer = await officer.post(f"{path}/settle", outcome="refused")
    assert answer.status == 422
    assert "要写明理由" in answer.words
    assert (
        await officer.post(f"{path}/settle", outcome="refused", reason="查无此项")
    ).status == 303
    assert "查无此项" in (await officer.get(path)).words


async def test_who_is_far_is_not_found_by_phone(officer: Browser) -> None:
    how = {"kind": "access", "way": "phone", "text": "x", "phone": PHONES["far"]}
    answer = await officer.post("/privacy/requests", **how)
    assert answer.status == 422
    assert "没有人用这个号码" in answer.words


async def test_anothers_request_is_not_there(stage: Stage, officer: Browser) -> None:
    path = await _entered(officer)
    other = await stage.staff("老李", area=OTHER)
    assert (await other.get(path)).status == 404
    for act in ("erase", "settle", "died", "sort", "prove", "copy"):
        assert (await other.post(f"{path}/{act}")).status == 404
    assert await stage.database.read(lambda s: s.get(Person, "one")) is not None


async def test_a_late_request_says_so(stage: Stage, officer: Browser) -> None:
    await _entered(officer)
    stage.clock[0] += 30 * DAY
    officer = await stage.staff("小周", area=COUNTY)
    page = await officer.get("/privacy/requests")
    assert page.status in (200, 303)
    late = await (await stage.staff("小吴", area=COUNTY)).get("/privacy/requests")
    assert late.words.count("已超期") == 2


async def test_a_copy_is_handed_over_and_noted(stage: Stage, officer: Browser) -> None:
    path = await _entered(officer, "access")
    file = await officer.post(f"{path}/copy")
    assert "王小二" in file.text
    assert "attachment" in file.headers["Content-Disposition"]
    acts = [row.act for row in await stage.database.read(audit.of, "one")]
    assert "person.copied" in acts


async def test_the_ledger_shows_only_those_in_reach(officer: Browser) -> None:
    page = await officer.get("/privacy/consents")
    assert "登记和保存" in page.words
    assert "/privacy/consents/one" in page.text
    assert "/privacy/consents/far" not in page.text
    assert (await officer.get("/privacy/consents/far")).status == 404
    assert "还在生效" in (await officer.get("/privacy/consents/one")).words


async def test_reports_are_signed_when_their_day_is_over(stage: Stage, officer: Browser) -> None:
    await stage.database.run(retention.report, stage.now - DAY)
    page = await officer.get("/privacy/retention")
    assert "没签" in page.words
    assert (await officer.post("/privacy/retention/sign")).status == 303
    assert "小周签了" in (await officer.get("/privacy/retention")).words
    assert (await officer.post("/privacy/retention/sign")).status == 409


async def test_a_drill_freezes_exports_and_ends_with_both_notices(
    stage: Stage, officer: Browser
) -> None:
    how = {"what": "账号借人用", "unit": "operator", "drill": "yes"}
    path = (await officer.post("/privacy/incidents", **how)).path
    assert await stage.database.read(incidents.exports_frozen)
    span = {"since": "2020-01-01T00:00", "until": "2099-01-01T00:00"}
    assert (await officer.post(f"{path}/affect", account="小周", **span)).status == 303
    told = dict.fromkeys(acting.CONTENTS, "写明了")
    assert (await officer.post(f"{path}/write", **told)).status == 303
    for which in ("regulator", "people"):
        assert "写明了" in (await officer.post(f"{path}/notice/{which}")).text
    assert (await officer.post(f"{path}/close")).status == 303
    assert "演练要求10分钟内" in (await officer.get(f"{path}/report")).text
    assert not await stage.database.read(incidents.exports_frozen)


async def test_a_place_that_is_not_theirs_is_refused(stage: Stage, officer: Browser) -> None:
    how = {"unit": Unit.OPERATOR, "is_drill": True, "by": "小周", "now": stage.now}
    await stage.database.run(lambda s: acting.begin(s, stage.vault, "x", **how))  # type: ignore[arg-type]
    answer = await officer.post("/privacy/incidents/1/affect", place="湘乡市")
    assert "不归您负责" in answer.words
    answer = await officer.post("/privacy/incidents/1/affect", place="定陶区")
    assert answer.status == 303
    assert await stage.database.read(incidents.people_of, 1) == ["one"]


@pytest.mark.parametrize("path", ["/privacy/assessment", "/privacy/self-audit"])
async def test_the_papers_open(stage: Stage, officer: Browser, path: str) -> None:
    if path.endswith("audit"):
        answer = await officer.post(path, year=str(stage.now.year))
    else:
        answer = await officer.get(path)
    document = Document(io.BytesIO(answer.body))
    assert "个人信息保护" in document.paragraphs[0].text


@pytest.mark.parametrize(
    "role", [role for role in StaffRole if role is not StaffRole.STAFF], ids=lambda r: r.value
)
async def test_nobody_else_has_the_office(stage: Stage, officer: Browser, role: StaffRole) -> None:
    other = await stage.staff("老王", role=role, area=COUNTY)
    for part in ("", "/requests", "/consents", "/retention", "/incidents", "/assessment"):
        assert (await other.get(f"/privacy{part}")).status == 404


async def test_what_is_typed_is_never_markup(officer: Browser) -> None:
    how = {"kind": "complaint", "way": "paper", "text": "<script>alert(1)</script>"}
    path = (await officer.post("/privacy/requests", **how)).path
    page = await officer.get(path)
    assert "<script>alert" not in page.text
    assert re.search(r"&lt;script&gt;", page.text)


async def test_the_first_page_counts_the_requests_of_ones_own_area(
    stage: Stage, officer: Browser
) -> None:
    await _entered(officer)
    other = await stage.staff("老李", area=OTHER)
    assert "个人信息请求没办" in (await officer.get("/")).words
    assert "个人信息请求没办" not in (await other.get("/")).words
    assert "没办完的请求 0 件" in (await other.get("/privacy")).words


async def test_many_requests_of_another_county_hide_none_of_ours(
    stage: Stage, officer: Browser
) -> None:
    other = await stage.staff("老李", area=OTHER)
    for _ in range(51):
        await _entered(other, "complaint", phone="")
    stage.clock[0] += timedelta(minutes=1)
    path = await _entered(officer)
    assert path.rpartition("/")[2] in (await officer.get("/privacy/requests")).words
