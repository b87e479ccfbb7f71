"""Who may see whom: down to the village, in memory and in SQL alike."""

from __future__ import annotations

from datetime import datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Select, select

from records import people, scope
from records.database import Database, Session
from records.people import Entered, Person
from records.places import lodge
from records.scope import Spot, may_see
from records.vault import Vault

TOWN, NEXT_TOWN = "371703102", "371703103"
VILLAGE, NEXT_VILLAGE = "371703102230", "371703102231"
SPOTS = [
    Spot(),
    Spot("371703"),
    Spot("371703", TOWN),
    Spot("371703", TOWN, VILLAGE),
    Spot("371703", TOWN, NEXT_VILLAGE),
    Spot("371703", NEXT_TOWN, "371703103230"),
    Spot("371703", "371771101", "371771101200"),  # a town with the code of another district
    Spot("371700"),
    Spot("371702"),
    Spot("430300-gx", "430371001", "p4d3yqhzbq2k"),
    Spot("430304", "430304001"),
]
SCOPES = ["", "370000", "371700", "371703", "371771101", TOWN, NEXT_TOWN, VILLAGE, NEXT_VILLAGE]
SCOPES += ["430300", "430300-gx", "430304", "430371001", "p4d3yqhzbq2k", "371703103230"]


@pytest.mark.parametrize(
    ("who", "home", "may"),
    [
        (VILLAGE, Spot("371703", TOWN, VILLAGE), True),
        (VILLAGE, Spot("371703", TOWN, NEXT_VILLAGE), False),
        (VILLAGE, Spot("371703", TOWN), False),
        (VILLAGE, Spot("371703"), False),
        (VILLAGE, Spot(), False),
        (TOWN, Spot("371703", TOWN, NEXT_VILLAGE), True),
        (TOWN, Spot("371703", NEXT_TOWN), False),
        (TOWN, Spot("371703"), False),
        ("371703", Spot("371703", TOWN, VILLAGE), True),
        ("371703", Spot("371703", "371771101"), True),
        ("371703", Spot("371702"), False),
        ("371700", Spot("371703", TOWN, VILLAGE), True),
        ("430300", Spot("430300-gx", "430371001"), True),
        ("430304", Spot("430300-gx", "430371001"), False),
        ("371703", Spot(), True),
        ("", Spot("430304"), True),
    ],
)
def test_staff_see_their_own_place_and_what_lies_in_it(who: str, home: Spot, may: bool) -> None:
    assert may_see(who, home) is may


def test_no_cadre_reads_another_village() -> None:
    cadres = [who for who in SCOPES if scope.is_local(who)]
    for who, home in product(cadres, SPOTS):
        assert may_see(who, home) == (who in (home.town, home.village))


@given(
    st.sampled_from([who for who in SCOPES if scope.is_local(who)]),
    st.builds(
        Spot,
        st.sampled_from(["", "371703", "430300-gx", "371771"]),
        st.from_regex(r"(371703|371771|430371)[0-9]{3}|p[a-z2-7]{11}|", fullmatch=True),
        st.from_regex(r"371703102[0-9]{3}|p[a-z2-7]{11}|", fullmatch=True),
    ),
)
def test_whoever_is_at_home_elsewhere_is_not_read(who: str, home: Spot) -> None:
    assert may_see(who, home) == (who in (home.town, home.village))


def _enter_all(session: Session, vault: Vault, now: datetime) -> None:
    for number, spot in enumerate(SPOTS):
        entered = Entered({}, {"nickname": "老王"}, area=spot.area)
        people.enter(session, vault, f"p{number}", entered, at=now, basis="文件一号")
        lodge(session, f"p{number}", area=spot.area, town=spot.town, village=spot.village)


def _ids(session: Session, query: Select[tuple[str]]) -> list[str]:
    return list(session.execute(query).scalars())


async def test_the_condition_in_sql_lets_through_the_same_people(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_enter_all, vault, now)
    table = Person.__table__  # type: ignore[attr-defined]
    for who in SCOPES:
        query = select(table.c.id).where(scope.visible(who, table.c))
        seen = set(await database.read(_ids, query))
        assert seen == {f"p{i}" for i, spot in enumerate(SPOTS) if may_see(who, spot)}


async def test_a_ticket_is_for_the_persons_own_village(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_enter_all, vault, now)
    asked = [("p3", "371703"), ("p4", "371703"), ("", "371703"), ("gone", "")]
    assert await database.read(scope.of_tickets, VILLAGE, asked) == [True, False, False, False]
    assert await database.read(scope.of_tickets, TOWN, asked) == [True, True, False, False]
    assert await database.read(scope.of_tickets, "371703", asked) == [True] * 4


async def test_nobody_is_shown_who_is_not_registered(database: Database) -> None:
    assert not await database.read(scope.may_see_person, "", "nobody")
