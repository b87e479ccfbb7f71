"""Stations: lists of them, the nearest, and reports that stay as they were confirmed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from handlers.places import country
from knowledge.stations import of_pack
from outreach import stations as duties
from records import stations
from records.database import Database, Session
from records.stations import Listed, Report
from records.vault import Vault
from registry import reading
from registry.importing import opened
from registry.lists import Origin, Outcome, Refused, Stored, Terms
from registry.stations_kind import STATIONS

HEAD = "站名,县,所在城市,地址,电话,站长\n"
GOOD = "广州返乡创业服务站,定陶,广州,,020-0000000,丁会长\n"


def _store(session: Session, vault: Vault, now: datetime, text: str) -> Stored | Refused:
    terms = Terms(Origin(vault, "小刘", now), country(), "token")
    (batch,) = opened(reading.read(text.encode()), STATIONS, terms).batches()
    (read,) = batch.read
    if isinstance(read, Refused):
        return read
    (stored,) = STATIONS.store(session, [read], terms.origin)
    return stored


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        (GOOD, Outcome.SAME),
        (GOOD.replace("020-0000000", "020-1111111"), Outcome.MERGED),
        (GOOD.replace("广州返", "昆明返"), Outcome.NEW),
    ],
)
async def test_a_list_adds_and_brings_up_to_date(
    database: Database, vault: Vault, now: datetime, text: str, outcome: Outcome
) -> None:
    await database.run(_store, vault, now, HEAD + GOOD)
    stored = await database.run(_store, vault, now, HEAD + text)
    assert isinstance(stored, Stored)
    assert stored.outcome is outcome


@pytest.mark.parametrize(
    ("old", "new", "heading"),
    [
        ("定陶", "火星", "县"),
        ("广州返乡创业服务站", "", "名称"),
        ("020-0000000", "老张的", "电话"),
    ],
)
async def test_a_fault_names_its_column(
    database: Database, vault: Vault, now: datetime, old: str, new: str, heading: str
) -> None:
    refused = await database.run(_store, vault, now, HEAD + GOOD.replace(old, new))
    assert isinstance(refused, Refused)
    assert heading in [fault.heading for fault in refused.faults]


async def test_people_find_the_stations_of_their_county_first(
    database: Database, now: datetime
) -> None:
    for name, area in (("市站", "371700"), ("区站", "371703"), ("别县站", "371721")):
        await database.run(stations.put, Listed(name, area), now)
    found = await database.read(stations.for_home, "371703")
    assert [one.name for one in found] == ["区站", "市站"]


async def test_a_confirmed_report_is_never_changed(
    database: Database, vault: Vault, now: datetime
) -> None:
    first = Report("丁会长", "2026H2", {"events": 1}, "好")
    assert await database.run(duties.confirm, vault, first, now)
    again = Report("丁会长", "2026H2", {"events": 9})
    assert not await database.run(duties.confirm, vault, again, now)
    draft = await database.read(duties.draft, vault, "丁会长", "2026H2", now)
    assert (draft.report, draft.frozen) == (first, True)


@pytest.mark.parametrize(
    ("day", "half", "before"),
    [
        (date(2026, 6, 30), "2026H1", "2025H2"),
        (date(2026, 7, 1), "2026H2", "2026H1"),
        (date(2027, 1, 1), "2027H1", "2026H2"),
    ],
)
def test_a_half_year_follows_the_other(day: date, half: str, before: str) -> None:
    assert (duties.half_of(day), duties.before(half)) == (half, before)


def test_a_half_year_ends_where_the_next_begins() -> None:
    begin, end = duties.span("2026H2")
    assert begin == datetime(2026, 6, 30, 16, tzinfo=UTC)
    assert end == duties.span("2027H1")[0]


def test_the_papers_stations_are_those_they_name_and_no_more() -> None:
    assert [one.city for one in of_pack("371703")] == ["广州", "昆明", "长春"]
    assert of_pack("430300") == ()
