"""Targets as pictures: a measure each, what is not known said so."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from outreach.reports.periods import PeriodKind, containing
from outreach.reports.pictured import pace
from outreach.reports.pictured.picture import Gone, Picture
from outreach.reports.table import Asked
from records import targets
from records.database import Database, Session
from records.targets import Figure, Kind
from records.vault import Vault

NOW = datetime(2026, 7, 2, 9, 0, tzinfo=UTC)
COUNTY = "371703"


def typed(session: Session, measure: str, unit: str, value: int | None, **more: Any) -> None:
    """A figure that somebody typed."""
    figure = Figure(
        more.get("kind", Kind.TARGET),
        COUNTY,
        measure,
        more.get("first", 2026),
        2026,
        unit,
        value,
        "测试文件",
    )
    targets.keep(session, figure, by="小周", at=NOW)


async def drawn(database: Database, vault: Vault) -> list[Picture]:
    period = containing(PeriodKind.YEAR, date(2026, 7, 2))
    asked = Asked(COUNTY, period, NOW, vault, {COUNTY: "定陶区", "371700": "菏泽市"}.get)  # type: ignore[arg-type]
    return await database.read(pace.paces, asked)


def of(found: list[Picture], name: str) -> Picture:
    return next(one for one in found if one.name == name)


async def test_a_target_stands_beside_what_was_reached_and_the_time(
    database: Database, vault: Vault
) -> None:
    await database.run(typed, "new_entities", "个", 40)
    found = of(await drawn(database, vault), "pace-new-entities")
    assert [list(one.values) for one in found.series] == [[0], [40]]
    assert found.gone is not None
    assert abs(found.gone - 0.5) < 0.01
    assert list(found.remarks) == ["落后50.1个百分点"]


async def test_what_nobody_has_typed_is_not_known(database: Database, vault: Vault) -> None:
    await database.run(typed, "parks", "个", 2)
    found = of(await drawn(database, vault), "pace-parks")
    assert list(found.series[0].values) == [Gone.UNKNOWN]


async def test_no_target_is_not_nought(database: Database, vault: Vault) -> None:
    await database.run(typed, "cases", "个", None)
    found = of(await drawn(database, vault), "pace-cases")
    assert list(found.series[1].values) == [Gone.NO_TARGET]


async def test_a_target_in_another_unit_is_not_drawn(database: Database, vault: Vault) -> None:
    await database.run(typed, "cases", "户", 5)
    assert "pace-cases" not in [one.name for one in await drawn(database, vault)]


async def test_years_together_are_a_picture_of_their_own(database: Database, vault: Vault) -> None:
    await database.run(lambda session: typed(session, "new_entities", "个", 90, first=2024))
    found = of(await drawn(database, vault), "pace-new-entities-span")
    assert "2024—2026年" in found.title
