"""An incident: exports rest, whom it touches, both notices, the clock, the report (P-22)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from outreach.privacy import incidents as acting
from outreach.privacy.incidents import CONTENTS, IncidentRefused
from records import audit, incidents, people
from records.consents import CORE, Said
from records.database import Database, Session
from records.incidents import ExportsFrozen, Incident, Unit
from records.people import Entered
from records.tickets import NewTicket, TicketKind, raise_ticket
from records.vault import Vault

MINUTE = timedelta(minutes=1)


def _person(session: Session, vault: Vault, name: str, area: str, now: datetime) -> None:
    said = (Said(CORE, True, now, "1"),)
    people.enter(session, vault, name, Entered({}, {}, area=area, said=said), at=now)


async def _opened(
    database: Database, vault: Vault, now: datetime, *, is_drill: bool = True
) -> int:
    how = {"unit": Unit.OPERATOR, "is_drill": is_drill, "by": "王芳", "now": now}
    return await database.run(lambda s: acting.begin(s, vault, "账号被人借用", **how))  # type: ignore[arg-type]


async def _found(database: Database, vault: Vault, number: int) -> Incident:
    found = await database.read(incidents.find, vault, number)
    assert found is not None
    return found


async def test_exports_rest_from_the_first_moment_until_the_end(
    database: Database, vault: Vault, now: datetime
) -> None:
    assert not await database.read(incidents.exports_frozen)
    number = await _opened(database, vault, now)
    with pytest.raises(ExportsFrozen):
        await database.read(incidents.refuse_if_frozen)
    await _drilled(database, vault, number, now)
    assert not await database.read(incidents.exports_frozen)


async def _drilled(database: Database, vault: Vault, number: int, now: datetime) -> str:
    """The whole of a drill, a minute for each step; the closing report."""

    def steps(session: Session) -> str:
        by = {"by": "王芳"}
        told = dict.fromkeys(CONTENTS, "写明")
        acting.affect_by_area(session, vault, number, "430381", **by, now=now + MINUTE)
        acting.write(session, vault, number, told, **by, now=now + 2 * MINUTE)
        acting.draft(
            session, vault, number, office="人社局", contact="李主任", now=now + 3 * MINUTE
        )
        found = acting.close(session, vault, number, **by, now=now + 4 * MINUTE)
        return acting.closing_report(found, "人社局")

    return await database.run(steps)


async def test_a_drill_says_so_and_is_measured(
    database: Database, vault: Vault, now: datetime
) -> None:
    number = await _opened(database, vault, now)
    report = await _drilled(database, vault, number, now)
    assert report.startswith("【演练，不外发】")
    assert "两份通知稿：用时3分钟（演练要求10分钟内）" in report


async def test_all_whom_an_account_read_of_are_listed(
    database: Database, vault: Vault, now: datetime
) -> None:
    def read(session: Session) -> None:
        for name in ("seen", "asked", "missed", "early"):
            _person(session, vault, name, "430381", now)
        _person(session, vault, "at_home", "430382", now)
        ticket = NewTicket("G7K2M4", TicketKind.TALK, "x", person_id="asked")
        raise_ticket(session, vault, ticket, channel="fake", chat="1", at=now)
        for act, subject in (
            ("dossier.read", "seen"),
            ("ticket.read", "G7K2M4"),
            ("village.listed", "430382"),
        ):
            audit.write(session, act, at=now, actor="staff:小刘", subject=subject)
        audit.write(session, "dossier.read", at=now, actor="staff:小张", subject="missed")
        early = now - timedelta(days=2)
        audit.write(session, "dossier.read", at=early, actor="staff:小刘", subject="early")

    await database.run(read)
    span = (now - timedelta(hours=1), now + timedelta(hours=1))
    touched = await database.read(acting.touched, "小刘", *span)
    assert touched == ["asked", "at_home", "seen"]


async def test_somebody_listed_twice_counts_once(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_person, vault, "one", "430381", now)
    number = await _opened(database, vault, now)
    how = {"by": "王芳", "now": now}
    for _ in range(2):
        count = await database.run(
            lambda s: acting.affect_by_area(s, vault, number, "430381", **how)  # type: ignore[arg-type]
        )
    assert count == 1
    assert await database.read(incidents.people_of, number) == ["one"]


async def test_both_notices_have_the_three_contents(
    database: Database, vault: Vault, now: datetime
) -> None:
    def drafted(session: Session) -> tuple[str, str]:
        acting.affect_by_area(session, vault, number, "430381", by="王芳", now=now)
        told = {name: f"<{name}>" for name in CONTENTS}
        acting.write(session, vault, number, told, by="王芳", now=now)
        return acting.draft(
            session, vault, number, office="人社局", contact="李主任 0530", now=now
        )

    number = await _opened(database, vault, now, is_drill=False)
    for text in await database.run(drafted):
        for name in CONTENTS:
            assert f"<{name}>" in text
        assert "李主任 0530" in text
        assert "演练" not in text


@pytest.mark.parametrize(("unit", "hours"), [("operator", 4), ("state", 2), ("critical", 1)])
async def test_the_regulator_is_to_know_within_hours(
    database: Database, vault: Vault, now: datetime, unit: str, hours: int
) -> None:
    how = {"unit": Unit(unit), "is_drill": False, "by": "王芳", "now": now}
    number = await database.run(lambda s: acting.begin(s, vault, "x", **how))  # type: ignore[arg-type]
    found = await _found(database, vault, number)
    assert found.report_by == now + timedelta(hours=hours)


@pytest.mark.parametrize("act", ["draft", "close", "mark"])
async def test_no_step_goes_before_what_it_needs(
    database: Database, vault: Vault, now: datetime, act: str
) -> None:
    number = await _opened(database, vault, now, is_drill=False)

    def early(session: Session) -> object:
        if act == "draft":
            return acting.draft(session, vault, number, office="x", contact="y", now=now)
        if act == "close":
            return acting.close(session, vault, number, by="王芳", now=now)
        acting.mark(session, vault, number, "told", by="王芳", now=now)
        return None

    with pytest.raises(IncidentRefused):
        await database.run(early)


async def test_a_real_one_ends_only_once_all_were_told(
    database: Database, vault: Vault, now: datetime
) -> None:
    number = await _opened(database, vault, now, is_drill=False)
    with pytest.raises(IncidentRefused, match="已告知本人"):
        await _drilled(database, vault, number, now)
