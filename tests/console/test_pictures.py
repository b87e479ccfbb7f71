"""Pictures on pages: of one's own area, with their tables, small counts hidden from inspectors."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from console.pages.pictures import KINDS
from records.database import Session
from records.people import Person
from records.staff_accounts import StaffRole
from tests.support import campaign_stage as people_and_staff
from tests.support.campaign_stage import DINGTAO
from tests.support.console import Browser, Stage


@pytest.fixture
async def clerk(stage: Stage) -> Browser:
    """Somebody of a county with three people, one of them in Shenzhen."""
    await stage.database.run(people_and_staff.people_of, stage.vault, 3, stage.now)
    await stage.database.run(_in_shenzhen)
    return await stage.staff("小周", area=DINGTAO)


def _in_shenzhen(session: Session) -> None:
    one = session.get_one(Person, "p001")
    one.codes = {**one.codes, "where_area": "440306"}


@pytest.mark.parametrize("of", KINDS)
@pytest.mark.parametrize("area", ["", "371700", DINGTAO, "371703102"])
async def test_every_picture_is_drawn_for_every_reach(stage: Stage, of: str, area: str) -> None:
    browser = await stage.staff("小吴", area=area)
    expected = 404 if of == "questions" and area in ("371700", "371703102") else 200
    assert (await browser.get(f"/pictures?of={of}")).status == expected


async def test_a_picture_comes_with_its_table(clerk: Browser) -> None:
    page = await clerk.get("/pictures")
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in page.text
    assert "同意登记" in page.text.partition("<table")[2]
    assert "怎么算的" in page.words


async def test_others_see_nothing_of_it(stage: Stage, clerk: Browser) -> None:
    other = await stage.staff("外县小赵", area="420506")
    assert "还没有数字" in (await other.get("/pictures")).words


async def test_an_inspector_sees_no_small_count(stage: Stage, clerk: Browser) -> None:
    inspector = await stage.staff("督查老何", StaffRole.INSPECTOR, DINGTAO)
    theirs, ours = await inspector.get("/pictures"), await clerk.get("/pictures")
    assert ("1—4" in theirs.words, "1—4" in ours.words) == (True, False)
    assert "同意登记 3人" not in theirs.words


async def test_who_sees_no_totals_sees_no_pictures(stage: Stage) -> None:
    mentor = await stage.staff("导师老陈", StaffRole.MENTOR, DINGTAO)
    assert (await mentor.get("/pictures")).status == 404


@pytest.mark.parametrize("of", ["nothing", "<script>", "'"])
async def test_a_picture_that_there_is_not_is_not_there(clerk: Browser, of: str) -> None:
    assert (await clerk.get(f"/pictures?of={quote(of)}")).status == 404


@pytest.mark.parametrize(("of", "area"), [("places", "371700"), ("lacks", DINGTAO)])
async def test_a_label_opens_the_people_behind_it(
    stage: Stage, clerk: Browser, of: str, area: str
) -> None:
    browser = await stage.staff("小吴", area=area)
    table = (await browser.get(f"/pictures?of={of}")).text.partition("<tbody>")[2]
    address = table.partition('href="/console')[2].partition('"')[0]
    assert address.startswith("/people?")
    assert (await browser.get(address)).status == 200


async def test_who_sees_no_people_gets_no_lists(stage: Stage, clerk: Browser) -> None:
    inspector = await stage.staff("督查老何", StaffRole.INSPECTOR, DINGTAO)
    assert "/console/people?" not in (await inspector.get("/pictures?of=lacks")).text


@pytest.mark.parametrize("of", ["steps", "cities"])
async def test_the_list_behind_a_row_is_as_long_as_it_says(
    stage: Stage, clerk: Browser, of: str
) -> None:
    rows = (await clerk.get(f"/pictures?of={of}")).text.partition("<tbody>")[2].split("<tr>")
    found = [
        re.search(r'href="/console(/people[^"]+)".*?</a></th>(.*?)</tr>', r, re.S) for r in rows
    ]
    linked = [(one[1], re.findall(r">(\d+)</td>", one[2])) for one in found if one]
    assert any(int(count) for _, counts in linked for count in counts)
    for address, counts in linked:
        assert f"共 {sum(map(int, counts))} 人" in (await clerk.get(address)).words
