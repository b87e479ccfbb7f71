"""A report as a paper: who may do which step, what stays for ever, and what proves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from outreach.calendars import CHINA
from outreach.reports.periods import PeriodKind, parse
from outreach.reports.table import Asked, Column, Listed, Report, Row, Subject, Table, Unit
from outreach.reports.versions import making, noting, reading, steps
from outreach.reports.versions.document import GONE
from outreach.reports.versions.paper import Level, Paper
from outreach.reports.versions.refusal import ReportRefusal
from outreach.reports.versions.verifying import verify
from records import audit, erasure, people, report_versions
from records.database import Database, Session
from records.people import Person
from records.report_versions import NoteKind, ReportNote, ReportPiece, State, Version
from records.staff_accounts import Staff, StaffRole
from records.vault import Vault

NOW = datetime(2026, 12, 1, 9, tzinfo=CHINA)
COUNTY, TOWN = "371703", "371703102"
VAULT = Vault("a key for tests only")
CLERK = Staff("小刘", StaffRole.STAFF, TOWN)
LEADER = Staff("王主任", StaffRole.STAFF, COUNTY)
STRANGER = Staff("外县的", StaffRole.STAFF, "430381")
CADRE = Staff("老周", StaffRole.CADRE, TOWN)
COLUMNS = (
    Column("name", "姓名", is_personal=True),
    Column("n", "人数", Unit.PEOPLE),
    Column("plan", "拟办", Unit.PIECES),
)


def _build(session: Session, asked: Asked) -> Table:
    """A line for each of the people, and how many there are."""
    rows = sorted(session.execute(select(Person)).scalars(), key=lambda one: one.id)
    lines = [Row({"name": f"人{one.id}", "n": 1, "plan": None}, subject=one.id) for one in rows]
    total = Row({"name": "合计", "n": len(rows), "plan": None}, {"n": "all"}, asked.area)
    return Table("试表", COLUMNS, [*lines, replace(total, is_total=True)])


def _all(session: Session, asked: Asked) -> Listed:
    return Listed(Subject.PEOPLE, sorted(session.execute(select(Person.id)).scalars()))  # type: ignore[call-overload]


PAPER = Paper(
    Report("try", "试表", "给测试", PeriodKind.MONTH, _build, {"all": _all}, has_people=True),
    Level.TOWN,
    due=5,
)
ASKED = Asked(TOWN, parse("2026-11"), NOW, VAULT, lambda code: code)


def _add(session: Session, *ids: str) -> None:
    for id_ in ids:
        entered = people.Entered({"intent": "ready"}, {"nickname": id_}, area=COUNTY)
        entered = replace(entered, source=people.Source.HOUSEHOLD)
        people.enter(session, VAULT, id_, entered, at=NOW, basis="文件一号")


def _drafted(session: Session) -> Version:
    _add(session, "a", "b")
    return making.draft(session, PAPER, ASKED)


def _checked(session: Session) -> Version:
    version = _drafted(session)
    return steps.check(session, VAULT, version, seen=version.sha, by=CLERK, now=NOW)


def _signed(session: Session) -> Version:
    version = _checked(session)
    return steps.sign(session, VAULT, version, seen=version.sha, by=LEADER, now=NOW)


def _frozen(session: Session) -> Version:
    return steps.freeze(session, VAULT, _signed(session), now=NOW, by=LEADER)


async def test_a_draft_goes_its_way_to_frozen(database: Database) -> None:
    version = await database.run(_frozen)
    kept = await database.read(report_versions.find, version.number)
    assert kept == version
    assert (version.state, version.checked_by, version.signed_by) == (
        State.FROZEN,
        "小刘",
        "王主任",
    )


Make = Callable[[Session], Version]
Step = Callable[[Session, Version], object]


def _check(by: Staff) -> Step:
    return lambda s, v: steps.check(s, VAULT, v, seen=v.sha, by=by, now=NOW)


def _sign(by: Staff) -> Step:
    return lambda s, v: steps.sign(s, VAULT, v, seen=v.sha, by=by, now=NOW)


def _type(cell: str, line: int = 0) -> Step:
    return lambda s, v: noting.type_in(
        s, VAULT, v, "3", line=line, cell=cell, why="镇里报的", by=CLERK, now=NOW
    )


def _remark(s: Session, v: Version) -> object:
    return noting.remark(s, VAULT, v, "有两户没问到", by=CLERK, now=NOW)


def _correct(new: str, why: str = "漏了一人") -> Step:
    return lambda s, v: noting.correct(
        s, VAULT, v, new, line=2, cell="n", why=why, by=CLERK, now=NOW
    )


@pytest.mark.parametrize(
    ("make", "step", "why"),
    [
        (_drafted, _sign(LEADER), "先请一位同事核对"),
        (_checked, _sign(CLERK), "两个人"),
        (_checked, _check(LEADER), "已经核对过"),
        (_signed, _sign(LEADER), "已经签过"),
        (_drafted, _check(STRANGER), "不归您管"),
        (_drafted, _check(CADRE), "不归您管"),
        (_drafted, _correct("3"), "还没有定稿"),
        (_drafted, _type("n", 2), "不能手填"),
        (_drafted, _type("name"), "不能手填"),
        (_frozen, _type("plan"), "不能改"),
        (_frozen, _remark, "不能改"),
        (_frozen, _correct("3", " "), "为什么"),
        (_frozen, _correct("2"), "一样"),
        (_frozen, _correct("三个"), "要填数字"),
        (_frozen, _correct("2.5"), "整数"),
        (_frozen, _check(LEADER), "已经核对过"),
    ],
)
async def test_a_step_that_may_not_be_is_refused_in_words(
    database: Database, make: Make, step: Step, why: str
) -> None:
    version = await database.run(make)
    with pytest.raises(ReportRefusal, match=why):
        await database.run(lambda session: step(session, version))
    assert await database.read(report_versions.find, version.number) == version


async def test_nothing_that_is_frozen_is_taken_back(database: Database) -> None:
    version = await database.run(_frozen)
    with pytest.raises(ReportRefusal, match="定稿的不能收回"):
        await database.run(
            lambda s: steps.take_back(s, VAULT, version, seen=version.sha, by=LEADER, now=NOW)
        )


async def test_who_signed_may_take_it_back_until_it_is_frozen(database: Database) -> None:
    version = await database.run(_signed)
    back = await database.run(
        lambda s: steps.take_back(s, VAULT, version, seen=version.sha, by=LEADER, now=NOW)
    )
    assert (back.state, back.signed_by, back.checked_by) == (State.CHECKED, "", "小刘")


async def test_what_was_changed_since_it_was_looked_at_is_not_signed(database: Database) -> None:
    version = await database.run(_drafted)
    await database.run(lambda session: _remark(session, version))
    with pytest.raises(ReportRefusal, match="刚有人动过"):
        await database.run(lambda session: _check(LEADER)(session, version))


async def test_a_remark_makes_a_checked_one_a_draft_again(database: Database) -> None:
    version = await database.run(_checked)
    await database.run(lambda session: _remark(session, version))
    kept = await database.read(report_versions.find, version.number)
    assert kept is not None
    assert (kept.state, kept.checked_by) == (State.DRAFTED, "")


async def test_a_correction_stands_beside_the_figure(database: Database) -> None:
    version = await database.run(_frozen)
    await database.run(lambda session: _correct("3")(session, version))
    known = await database.read(reading.opened, VAULT, version)
    assert known.table.rows[2].cells["n"] == 2
    assert known.corrected.rows[2].cells["n"] == 3
    [one] = known.corrections
    assert (one.old, one.new, one.why, one.staff) == (2, 3, "漏了一人", "小刘")
    assert (await database.read(verify, VAULT, version)).faults == []


async def test_what_was_typed_keeps_the_old_value_and_its_author(database: Database) -> None:
    def work(session: Session) -> Version:
        version = _drafted(session)
        for typed in ("3", "5"):
            version = noting.type_in(
                session, VAULT, version, typed, line=0, cell="plan", why="报", by=CLERK, now=NOW
            )
        return version

    known = await database.read(reading.opened, VAULT, await database.run(work))
    assert known.table.rows[0].cells["plan"] == 5
    assert [(one.old, one.new, one.staff) for one in known.notes] == [
        (None, 3, "小刘"),
        (3, 5, "小刘"),
    ]


async def test_the_total_of_a_typed_column_is_their_sum(database: Database) -> None:
    def work(session: Session) -> Version:
        version = _drafted(session)
        for line in (0, 1):
            _type("plan", line)(session, _find(session, version.number))
        return version

    known = await database.read(reading.opened, VAULT, await database.run(work))
    assert [row.cells["plan"] for row in known.table.rows if row.is_total] == [6]


async def test_counted_again_the_same_it_is_the_same(database: Database) -> None:
    version = await database.run(_drafted)
    again = await database.run(making.draft, PAPER, replace(ASKED, now=NOW + timedelta(1)))
    assert again == version


async def test_counted_again_it_keeps_what_staff_wrote(database: Database) -> None:
    version = await database.run(_drafted)
    await database.run(lambda session: _type("plan", 1)(session, version))
    await database.run(_remark, await database.read(_find, version.number))
    await database.run(_add, "aa")
    again = await database.run(making.draft, PAPER, ASKED)
    known = await database.read(reading.opened, VAULT, again)
    assert [row.cells["plan"] for row in known.table.rows] == [None, None, 3, 3]
    assert known.remarks == {(reading.WHOLE, ""): "有两户没问到"}
    replaced = await database.read(report_versions.find, version.number)
    assert replaced is not None
    assert replaced.state is State.REPLACED


def _find(session: Session, number: int) -> Version:
    found = report_versions.find(session, number)
    assert found is not None
    return found


async def test_a_frozen_one_stays_whatever_is_entered_later(database: Database) -> None:
    version = await database.run(_frozen)
    await database.run(_add, "late")
    assert await database.run(making.draft, PAPER, ASKED) == version
    known = await database.read(reading.opened, VAULT, version)
    assert known.table.rows[-1].cells["n"] == 2


async def test_a_new_version_names_the_one_that_it_corrects(database: Database) -> None:
    version = await database.run(_frozen)
    await database.run(_add, "late")
    new = await database.run(making.correcting, PAPER, ASKED, version)
    assert (new.corrects, new.state) == (version.number, State.DRAFTED)
    holds = await database.read(reading.newest, "try", TOWN, "2026-11")
    assert holds is not None
    assert holds.number == version.number
    with pytest.raises(ReportRefusal, match="先办完那份"):
        await database.run(making.correcting, PAPER, ASKED, version)


async def test_who_is_erased_is_in_no_list_and_the_total_stays(database: Database) -> None:
    version = await database.run(_frozen)
    await database.run(lambda s: erasure.erase(s, "a", counted=(), at=NOW))
    known = await database.read(reading.opened, VAULT, version)
    assert [row.cells["name"] for row in known.table.rows] == [GONE, "人b", "合计"]
    assert known.table.rows[-1].cells["n"] == 2
    listed = await database.read(reading.open_list, VAULT, version.number, "all", TOWN)
    assert listed is not None
    assert (listed.listed.ids, listed.gone) == (("b",), 1)
    verdict = await database.read(verify, VAULT, version)
    assert (verdict.faults, verdict.erased) == ([], 1)


async def test_a_list_that_no_figure_opens_is_none(database: Database) -> None:
    version = await database.run(_frozen)
    assert await database.read(reading.open_list, VAULT, version.number, "x", TOWN) is None


def _other_words(session: Session, version: Version) -> None:
    changed = update(ReportPiece).values(sealed=VAULT.seal({"row": [{"n": 99}, {}, "", "", 0]}))
    session.execute(changed)


def _other_head(session: Session, version: Version) -> None:
    head = report_versions.head(session, VAULT, version.number)
    head["tables"][0]["title"] = "别的表"
    changed = update(report_versions.ReportVersion).values(head=VAULT.seal(head))
    session.execute(changed)


def _other_signer(session: Session, version: Version) -> None:
    session.execute(update(report_versions.ReportVersion).values(signed_by="别人"))


def _no_list(session: Session, version: Version) -> None:
    session.execute(delete(ReportPiece).where(ReportPiece.person_id == ""))  # type: ignore[arg-type]


def _no_note(session: Session, version: Version) -> None:
    _correct("3")(session, version)
    _correct("4")(session, version)
    first = session.execute(select(ReportNote)).scalars().first()
    session.delete(first)


def _other_trail(session: Session, version: Version) -> None:
    frozen = audit.AuditRow.act == "report.frozen"
    session.execute(update(audit.AuditRow).where(frozen).values(receipt="000000000000"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "harm", [_other_words, _other_head, _other_signer, _no_list, _no_note, _other_trail]
)
async def test_whatever_is_changed_in_the_store_is_found(
    database: Database, harm: Callable[[Session, Version], None]
) -> None:
    version = await database.run(_frozen)
    assert (await database.read(verify, VAULT, version)).faults == []
    await database.run(harm, version)
    changed = await database.read(_find, version.number)
    assert (await database.read(verify, VAULT, changed)).faults != []


async def test_notes_have_their_kind_in_the_trail(database: Database) -> None:
    version = await database.run(_frozen)
    await database.run(lambda session: _correct("3")(session, version))
    rows = await database.read(audit.of, f"report:{version.number}")
    acts = ["drafted", "checked", "signed", "frozen", "corrected"]
    assert [row.act for row in rows] == [f"report.{act}" for act in acts]
    assert [one.kind for one in (await database.read(report_versions.notes, version.number))] == [
        NoteKind.CORRECTION
    ]


@pytest.mark.parametrize(
    ("scope", "sees"),
    [
        (TOWN, True),
        (COUNTY, True),
        ("371700", True),
        ("", True),
        ("430381", False),
        ("371703103", False),
        ("371702", False),
    ],
)
async def test_staff_see_the_papers_of_their_area(
    database: Database, scope: str, sees: bool
) -> None:
    version = await database.run(_drafted)
    assert report_versions.may_see(scope, version) is sees
    found = await database.read(report_versions.visible, scope)
    assert [one.number for one in found] == ([version.number] if sees else [])
