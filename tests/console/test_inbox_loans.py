"""A loan decided on a page, and a request that several offices serve together."""

from __future__ import annotations

from outreach.reports.ledgers.loans import LOANS
from outreach.reports.periods import parse
from outreach.reports.table import Asked
from records import applications
from records.database import Session
from records.staff_accounts import StaffRole
from tests.console.test_inbox import NUMBER, _raise, _row
from tests.support.console import Stage


async def _loan(stage: Stage) -> str:
    await _raise(stage, subject="想贷款没本钱", matter="money")
    browser = await stage.staff()
    answer = await browser.post("/inbox-apply", who=NUMBER, what="创业担保贷款")
    assert answer.status == 303, answer.words
    return answer.path.removeprefix("/inbox/")


async def test_what_was_lent_is_typed_with_the_decision(stage: Stage) -> None:
    number = await _loan(stage)
    browser = await stage.staff()
    done = await browser.post(f"/inbox/{number}/decide", outcome="granted", lent="200000")
    assert done.status == 303
    assert "放款200,000元" in (await browser.get(f"/inbox/{number}")).words
    page = await browser.get(f"/inbox/{NUMBER}")
    assert (f"受理了申请{number}" in page.words, f"申请{number}批了" in page.words) == (True, True)


async def test_a_refused_loan_or_another_benefit_has_no_sum(stage: Stage) -> None:
    number = await _loan(stage)
    browser = await stage.staff()
    form = {"outcome": "refused", "why": "征信以外的原因", "lent": "1"}
    assert "没批的不写" in (await browser.post(f"/inbox/{number}/decide", **form)).words
    await _raise(stage, "CD34EF")
    other = await browser.post("/inbox-apply", who="CD34EF", what="一次性创业补贴")
    answer = await browser.post(f"{other.path}/decide", outcome="granted", lent="5000")
    assert "不是贷款的申请" in answer.words


async def test_who_may_not_see_the_request_reads_no_sum(stage: Stage) -> None:
    number = await _loan(stage)
    await (await stage.staff()).post(f"/inbox/{number}/decide", outcome="granted", lent="200000")
    other = await stage.staff("远的", StaffRole.STAFF, "430381")
    assert (await other.get(f"/inbox/{number}")).status == 404


async def test_the_sum_is_sealed_and_counted(stage: Stage) -> None:
    number = await _loan(stage)
    await (await stage.staff()).post(f"/inbox/{number}/decide", outcome="granted", lent="200000")
    found = await stage.database.read(applications.found, stage.vault, [number])
    assert found[number].lent == 200_000

    def whole(session: Session) -> dict[str, object]:
        wanted = Asked("371703", parse("2026"), stage.now, stage.vault, str)
        return dict(next(r for r in LOANS.build(session, wanted).rows if r.is_total).cells)

    cells = await stage.database.read(whole)
    keys = ("asked", "checked", "sent", "applied", "granted", "told", "lent")
    assert [cells[key] for key in keys] == [1, 0, 1, 1, 1, 1, 200_000]


async def test_offices_are_asked_and_marked_as_done(stage: Stage) -> None:
    await _raise(stage)
    browser = await stage.staff()
    assert (await browser.post(f"/inbox/{NUMBER}/join", offices="国土局、环保局")).status == 303
    done = await browser.post(f"/inbox/{NUMBER}/part-done", office="国土局", note="地批了")
    assert done.status == 303
    page = await browser.get(f"/inbox/{NUMBER}")
    assert "会办好了：国土局：地批了" in page.words
    assert "还没办好的单位：环保局" in page.text


async def test_closing_is_not_forbidden_while_an_office_is_open(stage: Stage) -> None:
    await _raise(stage)
    browser = await stage.staff()
    await browser.post(f"/inbox/{NUMBER}/join", offices="国土局")
    answer = await browser.post(f"/inbox/{NUMBER}/close", seen="open/")
    assert (answer.status, (await _row(stage)).state) == (303, "closed")
    late = await browser.post(f"/inbox/{NUMBER}/part-done", office="国土局")
    assert (late.status, "已经办结" in late.words) == (409, True)


async def test_the_same_offices_are_not_asked_twice(stage: Stage) -> None:
    await _raise(stage)
    browser = await stage.staff()
    await browser.post(f"/inbox/{NUMBER}/join", offices="国土局")
    assert (await browser.post(f"/inbox/{NUMBER}/join", offices="国土局")).status == 422
    assert (await browser.post(f"/inbox/{NUMBER}/join", offices="")).status == 422
    assert (await browser.post(f"/inbox/{NUMBER}/part-done", office="税务局")).status == 409
