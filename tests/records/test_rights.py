"""Who may what is said in the reference as the code has it; who reaches whom is one rule."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

import records
from records import assignments, permits, rights, scope, staff_accounts
from records.assignments import Help, Why
from records.database import Database, Session
from records.people import Person
from records.permits import PermitKind
from records.rights import GRANTS, Post, Right
from records.scope import Spot
from records.staff_accounts import Staff, StaffRole
from records.vault import Vault

REFERENCE = Path(records.__file__).parent.parent / "docs/reference/rights.md"
SPOTS = {
    "here": Spot("371703", "371703104", "371703104207"),
    "next-village": Spot("371703", "371703104", "371703104208"),
    "next-town": Spot("371703", "371703105", ""),
    "no-town": Spot("371703"),
    "next-county": Spot("371721"),
    "other-city": Spot("430381"),
    "nowhere": Spot(),
}
AREAS = ("", "370000", "371700", "371703", "371703104", "371703104207", "430381")


def _row(right: Right) -> str:
    marks = ("●" if post in GRANTS[right] else "" for post in Post)
    return f"| `{right}` | " + " | ".join(marks) + " |"


@pytest.mark.parametrize("right", Right)
def test_a_right_is_in_the_reference(right: Right) -> None:
    assert _row(right) in REFERENCE.read_text(encoding="utf-8").splitlines()


def test_every_right_is_granted_to_somebody() -> None:
    assert set(GRANTS) == set(Right)
    assert all(GRANTS.values())


@pytest.mark.parametrize("right", Right)
def test_who_has_left_may_nothing(right: Right, now: datetime) -> None:
    assert not rights.may(Staff("x", StaffRole.STAFF, "371703", until=now), right)


@pytest.mark.parametrize(
    "right", [Right.PEOPLE, Right.REVEAL, Right.EXPORT, Right.TICKETS, Right.PRIVACY]
)
@pytest.mark.parametrize("post", [Post.OPERATOR, Post.INSPECTOR, Post.PUBLICITY, Post.STEWARD])
def test_who_sees_nothing_personal_has_no_such_right(post: Post, right: Right) -> None:
    assert post not in GRANTS[right]


def _keep(session: Session, vault: Vault, now: datetime) -> None:
    for id_, spot in SPOTS.items():
        session.add(
            Person(
                id=id_,
                area=spot.area,
                town=spot.town,
                village=spot.village,
                status="confirmed",
                source="chat",
                sealed=vault.seal({}),
                created_at=now,
                updated_at=now,
            )
        )
    session.flush()


@pytest.mark.parametrize("role", [StaffRole.STAFF, StaffRole.CADRE])
@pytest.mark.parametrize("area", AREAS)
async def test_memory_and_store_agree_on_whom_an_area_reaches(
    database: Database, vault: Vault, now: datetime, role: StaffRole, area: str
) -> None:
    await database.run(_keep, vault, now)
    staff = Staff("x", role, area)
    if rights.post_of(staff) is Post.CITY:
        area = "none"
    reached = await database.read(lambda s: _reached(s, staff, now))
    assert reached == {i for i, spot in SPOTS.items() if area != "none" and _sees(area, spot)}


def _sees(area: str, spot: Spot) -> bool:
    return not area or scope.may_see(area, spot)


def _reached(session: Session, staff: Staff, now: datetime) -> set[str]:
    return {id_ for id_ in SPOTS if rights.reaches(session, staff, id_, now)}


@pytest.mark.parametrize("role", [r for r in StaffRole if r.value not in ("staff", "cadre")])
async def test_everybody_else_reaches_nobody_by_area(
    database: Database, vault: Vault, now: datetime, role: StaffRole
) -> None:
    await database.run(_keep, vault, now)
    staff = Staff("x", role, "371703")
    assert await database.read(lambda s: _reached(s, staff, now)) == set()


@pytest.mark.parametrize(
    ("role", "help_"),
    [
        (StaffRole.COMMISSIONER, Help.COMMISSIONER),
        (StaffRole.MENTOR, Help.MENTOR),
    ],
)
async def test_who_helps_reaches_their_own(
    database: Database, vault: Vault, now: datetime, role: StaffRole, help_: Help
) -> None:
    await database.run(_keep, vault, now)
    await database.run(
        lambda s: assignments.assign(s, "other-city", "x", help_, why=Why.CHOSEN, at=now)
    )
    staff = Staff("x", role, "371703")
    assert await database.read(lambda s: _reached(s, staff, now)) == {"other-city"}


async def test_a_city_reaches_whom_a_permit_names(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_keep, vault, now)
    await database.run(_permit, vault, now)
    staff = Staff("小市", StaffRole.STAFF, "371700")
    reached = await database.read(lambda s: _reached(s, staff, now))
    assert reached == {"here", "next-village"}
    later = now + permits.LIFE
    assert await database.read(lambda s: _reached(s, staff, later)) == set()


def _permit(session: Session, vault: Vault, now: datetime) -> None:
    for name, area in (("小市", "371700"), ("小县", "371703")):
        staff_accounts.add(
            session, name, role=StaffRole.STAFF, area=area, at=now, actor="staff:terminal"
        )
    number = permits.ask(
        session, vault, PermitKind.LIST, by="小市", why="核对", area="371703104", at=now
    )
    permits.decide(session, number, by="小县", is_given=True, at=now)
