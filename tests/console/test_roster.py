"""The page that says who answers what."""

from __future__ import annotations

from records.staff_accounts import StaffRole
from tests.support.console import Stage


async def test_the_tree_names_who_serves_and_where_nobody_does(stage: Stage) -> None:
    await stage.staff("村里的", StaffRole.CADRE, "430381104203")
    browser = await stage.staff("县里的", area="430381")
    words = (await browser.get("/staff-roster")).words
    assert "县里的" in words
    assert "村里的" in words
    assert "法律援助中心" in words


async def test_another_county_s_people_are_not_named(stage: Stage) -> None:
    await stage.staff("外县的", area="371703")
    browser = await stage.staff("县里的", area="430381")
    for path in ("/staff-roster", "/staff-roster?area=371703"):
        assert "外县的" not in (await browser.get(path)).words
