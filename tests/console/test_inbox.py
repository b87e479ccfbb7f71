"""The inbox: who sees which request, what is first, and two of the staff at one of them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from console.guard import COOKIE
from console.routes import TOPICS
from handlers import desk
from outreach import ticket_lists
from outreach.ticket_lists import Tab, Wanted
from records import applications, audit, outbox, tickets
from records.database import Session
from records.outbox import OutboxRow
from records.staff_accounts import Staff, StaffRole
from records.tickets import Level, NewTicket, Ticket, TicketKind
from records.vault import Vault
from tests.support.console import Browser, Stage

NUMBER = "AB23CD"


async def _raise(stage: Stage, number: str = NUMBER, *, days_ago: int = 0, **more: object) -> None:
    new = NewTicket(
        **{  # type: ignore[arg-type]
            "number": number,
            "kind": TicketKind.TALK,
            "subject": "想问补贴 13800001234",
            "area": "371703",
            **more,
        }
    )
    at = stage.now - timedelta(days=days_ago)

    def keep(session: Session) -> None:
        tickets.raise_ticket(session, stage.vault, new, channel="webchat", chat=number, at=at)

    await stage.database.run(keep)


async def _row(stage: Stage, number: str = NUMBER) -> Ticket:
    row = await stage.database.read(tickets.find, number)
    assert row is not None
    return row


async def test_a_request_is_listed_with_its_clock(stage: Stage) -> None:
    await _raise(stage)
    page = await (await stage.staff()).get("/inbox")
    assert NUMBER in page.words
    assert "最晚11月23日" in page.words


async def test_phone_numbers_are_masked_in_the_list(stage: Stage) -> None:
    await _raise(stage)
    page = await (await stage.staff()).get("/inbox")
    assert "138****1234" in page.words
    assert "13800001234" not in page.text


@pytest.mark.parametrize("typed", ["138 0000 1234", "138-0000-1234", "１３８００００１２３４"])
async def test_a_phone_is_masked_however_it_is_typed(stage: Stage, typed: str) -> None:
    await _raise(stage, subject=f"打 {typed}")
    page = await (await stage.staff()).get(f"/inbox/{NUMBER}")
    assert typed not in page.text
    assert "****" in page.words


async def test_what_is_late_comes_before_what_is_due(stage: Stage) -> None:
    await _raise(stage, "NEW222")
    await _raise(stage, "LATE22", days_ago=9)
    await _raise(stage, "SEVEN2", days_ago=9, working_days=15)
    page = await (await stage.staff()).get("/inbox")
    order = [page.text.index(number) for number in ("LATE22", "NEW222", "SEVEN2")]
    assert order == sorted(order)


async def test_danger_comes_before_all(stage: Stage) -> None:
    await _raise(stage, "LATE22", days_ago=9)
    await _raise(stage, "DANGER", is_flagged=True)
    page = await (await stage.staff()).get("/inbox")
    assert page.text.index("DANGER") < page.text.index("LATE22")


async def test_the_late_tab_has_only_what_is_late(stage: Stage) -> None:
    await _raise(stage, "NEW222")
    await _raise(stage, "LATE22", days_ago=9)
    page = await (await stage.staff()).get("/inbox?tab=late")
    assert "LATE22" in page.words
    assert "NEW222" not in page.words


async def test_pages_follow_each_other_without_gap_or_double(stage: Stage) -> None:
    wanted = {f"N{n // 9 + 2}{n % 9 + 2}222" for n in range(45)}
    for n, number in enumerate(sorted(wanted)):
        await _raise(stage, number, days_ago=n % 7, working_days=1 + n % 3)
    browser = await stage.staff()
    first = await browser.get("/inbox?tab=open")
    path = first.text.split('class="pager"')[1].split('href="/console')[1].split('"')[0]
    second = await browser.get(path.replace("&amp;", "&"))
    shown = [{n for n in wanted if f"inbox/{n}" in page.text} for page in (first, second)]
    assert shown[0] | shown[1] == wanted
    assert not shown[0] & shown[1]


async def test_another_countys_request_is_not_there(stage: Stage) -> None:
    await _raise(stage)
    browser = await stage.staff("小何", area="430381")
    assert NUMBER not in (await browser.get("/inbox?tab=open")).text
    assert (await browser.get(f"/inbox/{NUMBER}")).status == 404


@pytest.mark.parametrize("act", ["reply", "take", "close", "move", "hand-over", "reveal"])
async def test_nothing_is_done_to_a_request_out_of_reach(stage: Stage, act: str) -> None:
    await _raise(stage)
    browser = await stage.staff("小何", area="430381")
    form = {"seen": "open/", "text": "您好", "level": "county", "matter": "other"}
    answer = await browser.post(f"/inbox/{NUMBER}/{act}", old="county", to="小何", **form)
    assert answer.status == 404
    assert (await _row(stage)).taken_by == ""


async def test_a_partner_sees_no_request(stage: Stage) -> None:
    await _raise(stage, level=Level.VILLAGE)
    browser = await stage.staff("某银行", StaffRole.PARTNER)
    assert NUMBER not in (await browser.get("/inbox?tab=open")).text
    assert (await browser.get(f"/inbox/{NUMBER}")).status == 404


async def test_reading_is_in_the_trail(stage: Stage) -> None:
    await _raise(stage)
    await (await stage.staff()).get(f"/inbox/{NUMBER}")
    rows = await stage.database.read(audit.of, NUMBER)
    assert [(row.act, row.actor) for row in rows] == [("ticket.read", "staff:小周")]


async def test_a_page_that_renews_itself_is_in_the_trail_once_an_hour(stage: Stage) -> None:
    await _raise(stage)
    browser, counts = await stage.staff(), []
    for minutes in (0, 1, 60):
        stage.clock[0] += timedelta(minutes=minutes)
        await _renew(browser)
        counts.append(len(await stage.database.read(audit.of, NUMBER)))
    assert counts == [1, 1, 2]


async def _renew(browser: Browser) -> None:
    """As the page's script asks for it, or whoever would read without leaving a line."""
    headers = {"Cookie": f"{COOKIE}={browser.token}", "X-Fragment": "1"}
    async with browser.client.get(f"/console/inbox/{NUMBER}", headers=headers) as answer:
        assert answer.status == 200


async def test_an_answer_is_sent_and_takes_the_request(stage: Stage) -> None:
    await _raise(stage)
    browser = await stage.staff()
    answer = await browser.post(f"/inbox/{NUMBER}/reply", seen="open/", text="您好，我来办")
    row = await _row(stage)
    assert (answer.status, row.taken_by, row.is_live) == (303, "小周", True)
    assert await stage.database.read(outbox.waiting) == 1


async def test_who_was_slower_is_told_and_loses_nothing(stage: Stage) -> None:
    await _raise(stage)
    one, other = await stage.staff(), await stage.staff("小李")
    await one.post(f"/inbox/{NUMBER}/take", seen="open/")
    answer = await other.post(f"/inbox/{NUMBER}/reply", seen="open/", text="我写了半天的话")
    assert answer.status == 409
    assert "小周刚刚接了这件事" in answer.words
    assert "我写了半天的话" in answer.text
    assert await stage.database.read(outbox.waiting) == 0


async def test_after_that_the_same_form_goes_through(stage: Stage) -> None:
    await _raise(stage)
    one, other = await stage.staff(), await stage.staff("小李")
    await one.post(f"/inbox/{NUMBER}/take", seen="open/")
    page = await other.post(f"/inbox/{NUMBER}/reply", seen="open/", text="您好")
    seen = page.text.split('name="seen" value="')[1].split('"')[0]
    again = await other.post(f"/inbox/{NUMBER}/reply", seen=seen, text="您好")
    assert again.status == 303


async def test_taking_what_was_just_closed_is_told(stage: Stage) -> None:
    await _raise(stage)
    browser = await stage.staff()
    await browser.post(f"/inbox/{NUMBER}/close", seen="open/")
    answer = await browser.post(f"/inbox/{NUMBER}/take", seen="open/")
    assert (answer.status, "已经办结" in answer.words) == (409, True)


async def test_a_request_is_handed_to_a_colleague(stage: Stage) -> None:
    await _raise(stage)
    await stage.staff("小李")
    browser = await stage.staff()
    await browser.post(f"/inbox/{NUMBER}/hand-over", seen="open/", to="小李")
    assert (await _row(stage)).taken_by == "小李"


async def test_it_is_not_handed_to_who_may_not_read_it(stage: Stage) -> None:
    await _raise(stage)
    await stage.staff("小何", area="430381")
    browser = await stage.staff()
    answer = await browser.post(f"/inbox/{NUMBER}/hand-over", seen="open/", to="小何")
    assert (answer.status, (await _row(stage)).taken_by) == (409, "")


async def test_another_matter_is_kept_in_its_steps(stage: Stage) -> None:
    await _raise(stage)
    browser = await stage.staff()
    form = {"level": "county", "old": "county", "matter": "legal", "why": "是欠款的事"}
    assert (await browser.post(f"/inbox/{NUMBER}/move", **form)).status == 303
    assert (await _row(stage)).matter == "legal"
    assert "是欠款的事" in (await browser.get(f"/inbox/{NUMBER}")).words


async def test_a_whole_number_is_shown_once_after_a_reason(stage: Stage) -> None:
    await _raise(stage)
    browser = await stage.staff()
    assert "13800001234" not in (await browser.get(f"/inbox/{NUMBER}")).text
    page = await browser.post(f"/inbox/{NUMBER}/reveal", why="call_back")
    assert "13800001234" in page.text
    row = (await stage.database.read(audit.of, NUMBER))[-1]
    assert (row.act, row.reason) == ("ticket.revealed", "call_back")


async def test_no_reason_no_number(stage: Stage) -> None:
    await _raise(stage)
    answer = await (await stage.staff()).post(f"/inbox/{NUMBER}/reveal")
    assert (answer.status, "13800001234" in answer.text) == (409, False)


async def _accepted(stage: Stage, **more: str) -> str:
    await _raise(stage)
    browser = await stage.staff()
    form = {"who": NUMBER, "what": "一次性创业补贴", **more}
    answer = await browser.post("/inbox-apply", **form)
    assert answer.status == 303, answer.words
    return answer.path.removeprefix("/inbox/")


async def test_an_application_has_seven_working_days(stage: Stage) -> None:
    number = await _accepted(stage)
    page = await (await stage.staff()).get(f"/inbox/{number}")
    assert "最晚12月1日" in page.words


async def test_an_undecided_application_is_not_closed(stage: Stage) -> None:
    number = await _accepted(stage)
    answer = await (await stage.staff()).post(f"/inbox/{number}/close", seen="taken/小周")
    assert (answer.status, "先写结论" in answer.words) == (409, True)


async def test_a_refusal_needs_a_reason(stage: Stage) -> None:
    number = await _accepted(stage)
    browser = await stage.staff()
    assert (await browser.post(f"/inbox/{number}/decide", outcome="refused")).status == 409
    done = await browser.post(f"/inbox/{number}/decide", outcome="refused", why="不够一年")
    assert done.status == 303


async def test_two_decisions_do_not_collide(stage: Stage) -> None:
    number = await _accepted(stage)
    browser = await stage.staff()
    await browser.post(f"/inbox/{number}/decide", outcome="granted")
    answer = await browser.post(f"/inbox/{number}/decide", outcome="refused", why="不行")
    assert answer.status == 409


async def test_papers_that_follow_are_noted(stage: Stage) -> None:
    number = await _accepted(stage, papers="营业执照", until="2026-11-25")
    browser = await stage.staff()
    assert "还缺：营业执照" in (await browser.get(f"/inbox/{number}")).words
    await browser.post(f"/inbox/{number}/papers")
    found = await stage.database.read(applications.found, stage.vault, [number])
    assert found[number].papers_came_at == stage.now


@pytest.mark.parametrize(
    ("field", "form"),
    [
        ("who", {"who": "13900000000", "what": "补贴"}),
        ("until", {"who": NUMBER, "what": "补贴", "papers": "执照"}),
        ("handed_in", {"who": NUMBER, "what": "补贴", "handed_in": "2027-01-01"}),
        ("what", {"who": NUMBER, "what": ""}),
    ],
)
async def test_faults_stand_at_their_field(stage: Stage, field: str, form: dict[str, str]) -> None:
    await _raise(stage)
    answer = await (await stage.staff()).post("/inbox-apply", **form)
    assert answer.status == 422
    assert f'id="e-{field}"' in answer.text
    assert 'value="补贴"' in answer.text or field == "what"


@pytest.mark.parametrize(
    ("role", "area"),
    [
        (StaffRole.STAFF, ""),
        (StaffRole.STAFF, "371703"),
        (StaffRole.STAFF, "371703001"),
        (StaffRole.STAFF, "430381"),
        (StaffRole.COMMISSIONER, "371703"),
        (StaffRole.CADRE, "371703001001"),
        (StaffRole.CADRE, "371703"),
        (StaffRole.PARTNER, "371703"),
    ],
)
async def test_the_list_and_the_desk_have_one_rule(
    stage: Stage, role: StaffRole, area: str
) -> None:
    for n, (home, level) in enumerate((h, lv) for h in ("", "371703", "430381") for lv in Level):
        await _raise(stage, f"T{n}2222", area=home, level=level)
    staff = Staff("小周", role, area)

    def both(session: Session) -> tuple[set[str], set[str]]:
        listed = ticket_lists.page(session, staff, Wanted(Tab.OPEN), now=stage.now).rows
        cases = desk.as_cases(stage.vault, tickets.list_open(session))
        read = {case.number for case in cases if desk.may_read(session, staff, case)}
        return {row.number for row in listed}, read

    listed, read = await stage.database.read(both)
    assert listed == read


@pytest.mark.parametrize(("area", "is_told"), [("371703", True), ("430381", False)])
async def test_a_talk_moves_only_for_who_may_read_it(
    stage: Stage, area: str, is_told: bool
) -> None:
    await _raise(stage)
    staff = Staff("小周", StaffRole.STAFF, area)
    read = TOPICS["ticket"]
    before = await stage.database.read(read, staff, NUMBER, stage.now)
    await stage.database.run(_said, stage.vault, stage.now)
    after = await stage.database.read(read, staff, NUMBER, stage.now)
    assert (before != after) is is_told


def _said(session: Session, vault: Vault, at: datetime) -> None:
    tickets.add_line(session, vault, NUMBER, author=tickets.Author.PERSON, text="在吗", at=at)


async def test_a_towns_requests_follow_each_other_too(stage: Stage) -> None:
    wanted = {f"N{n // 9 + 2}{n % 9 + 2}222" for n in range(40)}
    for n, number in enumerate(sorted(wanted)):
        await _raise(stage, number, days_ago=n % 7, working_days=1 + n % 3)
    await stage.database.run(_taken, sorted(wanted), stage.now)
    browser = await stage.staff("小镇", area="371703001")
    first = await browser.get("/inbox?tab=open")
    path = first.text.split('class="pager"')[1].split('href="/console')[1].split('"')[0]
    second = await browser.get(path.replace("&amp;", "&"))
    shown = [{n for n in wanted if f"inbox/{n}" in page.text} for page in (first, second)]
    assert (shown[0] | shown[1], shown[0] & shown[1]) == (wanted, set())


def _taken(session: Session, numbers: list[str], at: datetime) -> None:
    for number in numbers:
        tickets.take(session, number, staff="小镇", at=at)


async def _told(stage: Stage) -> str:
    rows = await stage.database.read(lambda s: s.execute(select(OutboxRow)).scalars().all())
    return " ".join(str(stage.vault.open(row.payload)) for row in rows)


async def test_one_that_was_taken_is_put_back(stage: Stage) -> None:
    await _raise(stage)
    browser = await stage.staff()
    await browser.post(f"/inbox/{NUMBER}/take", seen="open/")
    await browser.post(f"/inbox/{NUMBER}/put-back")
    row = await _row(stage)
    assert (row.state, row.taken_by) == ("open", "")


async def test_nobody_puts_back_what_a_colleague_has(stage: Stage) -> None:
    await _raise(stage)
    await (await stage.staff("老王")).post(f"/inbox/{NUMBER}/take", seen="open/")
    answer = await (await stage.staff()).post(f"/inbox/{NUMBER}/put-back")
    assert (answer.status, (await _row(stage)).taken_by) == (409, "老王")


async def test_the_bot_goes_on_while_the_request_stays(stage: Stage) -> None:
    await _raise(stage, is_live=True)
    browser = await stage.staff()
    await browser.post(f"/inbox/{NUMBER}/take", seen="open/")
    await browser.post(f"/inbox/{NUMBER}/to-bot")
    row = await _row(stage)
    assert (row.is_live, row.state) == (False, "taken")
    assert "还在办您这件事" in await _told(stage)


async def test_what_was_closed_too_early_is_opened_again(stage: Stage) -> None:
    await _raise(stage)
    browser = await stage.staff()
    await browser.post(f"/inbox/{NUMBER}/close", seen="open/")
    await browser.post(f"/inbox/{NUMBER}/reopen")
    row = await _row(stage)
    assert (row.state, row.taken_by, row.closed_at) == ("taken", "小周", None)
    assert "这件事还没完" in await _told(stage)


async def test_what_was_closed_long_ago_stays_closed(stage: Stage) -> None:
    await _raise(stage, days_ago=30)
    long_ago = stage.now - timedelta(days=8)
    await stage.database.run(lambda s: tickets.close(s, NUMBER, at=long_ago))
    answer = await (await stage.staff()).post(f"/inbox/{NUMBER}/reopen")
    assert (answer.status, (await _row(stage)).state) == (409, "closed")
