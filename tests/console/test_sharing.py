"""One case to one partner: nothing before a yes, just that after it, nothing once it ends."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from outreach import sharing as word
from outreach.privacy import ledger
from records import audit, consents, erasure, people, sharing, tickets
from records.consents import CORE, Said
from records.database import Session
from records.people import Entered
from records.sharing import SharingRow, SharingState
from records.staff_accounts import StaffRole
from records.tickets import NewTicket, TicketKind
from records.vault import Vault
from scheduler.jobs import prune_consents
from tests.support.console import Browser, Stage

COUNTY, BANK, OTHER = "371703", "某农商行", "某园区"
PERSON, NUMBER = "p1", "AB23CD"
WANTED = {"partner": BANK, "field": "name", "purpose": "loan", "days": "30"}


@pytest.fixture
async def clerk(stage: Stage) -> Browser:
    """Somebody of the county of a registered person; two partners are there."""
    await stage.database.run(_registered, stage.vault, stage.now)
    for name in (BANK, OTHER):
        await stage.staff(name, StaffRole.PARTNER, COUNTY)
    return await stage.staff("小周", area=COUNTY)


def _registered(session: Session, vault: Vault, now: datetime) -> None:
    said = (Said(CORE, True, now, "1"),)
    texts = {"nickname": "王示范", "phone": "19900000001", "home_village": "王庄村"}
    entered = Entered(codes={"intent": "ready"}, texts=texts, area=COUNTY, said=said)
    people.enter(session, vault, PERSON, entered, at=now, account="webchat:p1")
    consents.note(session, PERSON, said, channel="webchat")
    new = NewTicket(NUMBER, TicketKind.TALK, "想贷款，电话 19900000002", COUNTY, PERSON)
    tickets.raise_ticket(session, vault, new, channel="webchat", chat="p1", at=now)


async def _ask(clerk: Browser, **changes: str) -> int:
    return (await clerk.post(f"/people/{PERSON}/sharing", **{**WANTED, **changes})).status


async def _say(stage: Stage, number: int = 1, *, is_given: bool = True) -> bool:
    def said(session: Session) -> bool:
        one = sharing.find(session, number, stage.now)
        assert one is not None
        vault, now = stage.vault, stage.now
        return word.answered(session, vault, one, is_given=is_given, channel="webchat", now=now)

    return await stage.database.run(said)


async def _state(stage: Stage, number: int = 1) -> SharingState | None:
    one = await stage.database.read(sharing.find, number, stage.now)
    return one.state if one else None


async def _acts(stage: Stage, subject: str = PERSON) -> list[str]:
    return [row.act for row in await stage.database.read(audit.of, subject)]


async def test_nothing_is_shown_before_the_person_agrees(stage: Stage, clerk: Browser) -> None:
    bank = await stage.staff(BANK, StaffRole.PARTNER)
    assert await _ask(clerk) == 303
    assert "王示范" not in (await bank.get("/shared")).text
    assert (await bank.get("/shared/1")).status == 404
    assert await _acts(stage, "share:1") == ["share.denied"]


async def test_just_what_was_agreed_to_is_shown(stage: Stage, clerk: Browser) -> None:
    await _ask(clerk)
    await _say(stage)
    page = await (await stage.staff(BANK, StaffRole.PARTNER)).get("/shared/1")
    assert "王示范" in page.words
    assert not {"19900000001", "王庄村", "马上想干"} & set(page.words.split())
    assert "share.read" in await _acts(stage)


async def test_another_partner_and_staff_see_nothing_of_it(stage: Stage, clerk: Browser) -> None:
    await _ask(clerk)
    await _say(stage)
    other = await stage.staff(OTHER, StaffRole.PARTNER)
    assert [(await one.get("/shared/1")).status for one in (other, clerk)] == [404, 404]
    assert (await other.post("/shared/1/reply", text="您好")).status == 404


async def test_a_request_is_shown_with_numbers_masked(stage: Stage, clerk: Browser) -> None:
    assert await _ask(clerk, field="ticket") == 422
    assert await _ask(clerk, field="ticket", ticket=NUMBER) == 303
    await _say(stage)
    page = await (await stage.staff(BANK, StaffRole.PARTNER)).get("/shared/1")
    assert "想贷款，电话 199****0002" in page.words


async def test_it_is_over_at_once_when_it_is_taken_back(stage: Stage, clerk: Browser) -> None:
    await _ask(clerk)
    await _say(stage)
    assert (await clerk.post(f"/people/{PERSON}/sharing/1/end")).status == 303
    bank = await stage.staff(BANK, StaffRole.PARTNER)
    assert (await bank.get("/shared/1")).status == 404
    assert (await clerk.post(f"/people/{PERSON}/sharing/1/end")).status == 409
    assert "share.ended" in await _acts(stage)


async def test_it_is_over_when_its_days_are_over(stage: Stage, clerk: Browser) -> None:
    await _ask(clerk)
    await _say(stage)
    stage.clock[0] += timedelta(days=30)
    assert await _state(stage) is SharingState.OVER
    counts = await stage.database.run(prune_consents.run, stage.now)
    assert counts["shares_ended"] == 1


async def test_who_takes_all_consent_back_is_not_shown(stage: Stage, clerk: Browser) -> None:
    await _ask(clerk)
    await _say(stage)
    await stage.database.run(lambda s: consents.end(s, PERSON, at=stage.now))
    assert await _state(stage) is SharingState.OVER


async def test_of_who_is_erased_only_the_proof_stays(stage: Stage, clerk: Browser) -> None:
    await _ask(clerk)
    await _say(stage)
    await stage.database.run(lambda s: erasure.erase(s, PERSON, counted=(), at=stage.now))
    assert await stage.database.read(lambda s: s.get(SharingRow, 1)) is None
    kept = await stage.database.read(ledger.of_person, PERSON)
    assert [(one.kind, one.ended_at) for one in kept if one.kind == "share"] == [
        ("share", stage.now)
    ]


async def test_the_ledger_has_the_words_that_were_agreed_to(stage: Stage, clerk: Browser) -> None:
    await _ask(clerk)
    await _say(stage)
    page = await clerk.get(f"/privacy/consents/{PERSON}")
    assert "给合作单位看 同意" in page.words
    assert "想把您的称呼给“某农商行”看30天，用来办贷款" in page.words


async def test_who_said_no_is_not_asked_again_for_half_a_year(
    stage: Stage, clerk: Browser
) -> None:
    await _ask(clerk)
    await _say(stage, is_given=False)
    assert await _ask(clerk) == 422
    stage.clock[0] += timedelta(days=181)
    assert await _ask(await _again(stage)) == 303


async def _again(stage: Stage) -> Browser:
    return await stage.staff("小吴", area=COUNTY)


async def test_who_is_silent_is_asked_twice_a_year(stage: Stage, clerk: Browser) -> None:
    assert [await _ask(clerk), await _ask(clerk)] == [303, 422]
    stage.clock[0] += timedelta(days=8)
    assert not await _say(stage)
    again = await _again(stage)
    assert await _ask(again) == 303
    stage.clock[0] += timedelta(days=8)
    assert await _ask(await stage.staff("小郑", area=COUNTY)) == 422


@pytest.mark.parametrize(
    "changes",
    [
        {"partner": "没有这家"},
        {"field": ""},
        {"field": "assets"},
        {"purpose": "ads"},
        {"days": "999"},
    ],
)
async def test_what_may_not_be_shared_is_not_asked(
    clerk: Browser, changes: dict[str, str]
) -> None:
    assert await _ask(clerk, **changes) == 422


async def test_a_partner_of_another_place_is_not_offered(stage: Stage, clerk: Browser) -> None:
    await stage.staff("外县银行", StaffRole.PARTNER, "430381")
    assert "外县银行" not in (await clerk.get(f"/people/{PERSON}/sharing")).text
    assert await _ask(clerk, partner="外县银行") == 422


async def test_the_next_county_may_not_ask(stage: Stage, clerk: Browser) -> None:
    other = await stage.staff("邻县", area="430381")
    assert await _ask(other) == 404


async def test_who_never_wrote_cannot_be_asked(stage: Stage, clerk: Browser) -> None:
    def offline(session: Session) -> None:
        row = session.get(people.Person, PERSON)
        assert row is not None
        row.account = ""

    await stage.database.run(offline)
    assert await _ask(clerk) == 422


async def test_an_answer_goes_to_the_person_and_to_staff(stage: Stage, clerk: Browser) -> None:
    await _ask(clerk, field="ticket", ticket=NUMBER)
    await _say(stage)
    bank = await stage.staff(BANK, StaffRole.PARTNER)
    assert (await bank.post("/shared/1/reply", text="周五带执照来")).status == 303
    assert "“某农商行”回您：周五带执照来" in (await clerk.get(f"/inbox/{NUMBER}")).words
    assert "share.replied" in await _acts(stage)
