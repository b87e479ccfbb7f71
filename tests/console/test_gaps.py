"""What could not be answered: listed, closed, joined, and begun as an entry."""

from __future__ import annotations

from records import audit, gaps
from records.database import Session
from records.gaps import Gap, GapState, Wording
from records.questions import OpenQuestion
from tests.support.console import Stage

ASKED = "养鹅有没有补贴"


async def _gap(stage: Stage, text: str = ASKED, *, area: str = "371703", times: int = 1) -> int:
    def keep(session: Session) -> int:
        number = 0
        for n in range(times):
            row = OpenQuestion(
                conversation=f"webchat:{text}{n}",
                area=area,
                text=text,
                decision="unknown",
                reason="unanswered",
                asked_at=stage.now,
            )
            session.add(row)
            session.flush()
            word = Wording(row.id or 0, None, area, text, "unanswered", (), stage.now)
            if number:
                gaps.join(session, number, word)
            else:
                number = gaps.open_new(session, word, area)
        return number

    return await stage.database.run(keep)


async def _found(stage: Stage, number: int) -> Gap:
    return await stage.database.read(gaps.get, number)


async def test_what_is_asked_most_comes_first(stage: Stage) -> None:
    await _gap(stage, "少的问题")
    await _gap(stage, "多的问题", times=3)
    page = await (await stage.staff()).get("/gaps")
    assert page.words.index("多的问题") < page.words.index("少的问题")


async def test_pages_of_gaps_follow_each_other(stage: Stage) -> None:
    for n in range(35):
        await _gap(stage, f"问题{n:03}号")
    browser = await stage.staff()
    first = await browser.get("/gaps")
    path = first.text.split('class="pager"')[1].split('href="/console')[1].split('"')[0]
    second = await browser.get(path.replace("&amp;", "&"))
    shown = [{n for n in range(35) if f"问题{n:03}号" in page.words} for page in (first, second)]
    assert shown[0] | shown[1] == set(range(35))
    assert not shown[0] & shown[1]


async def test_a_gap_shows_wordings_nearest_and_the_answer_of_now(stage: Stage) -> None:
    page = await (await stage.staff()).get(f"/gaps/{await _gap(stage)}")
    assert ASKED in page.words
    assert "现在问，这样答" in page.words
    assert "最接近的" in page.words


async def test_another_countys_gap_is_not_there(stage: Stage) -> None:
    number = await _gap(stage)
    browser = await stage.staff("小何", area="430381")
    assert ASKED not in (await browser.get("/gaps")).words
    assert (await browser.get(f"/gaps/{number}")).status == 404
    assert (await browser.post(f"/gaps/{number}/dismiss", note="不要")).status == 404
    assert (await _found(stage, number)).state == GapState.OPEN


async def test_a_clerk_of_a_town_sees_the_countys(stage: Stage) -> None:
    await _gap(stage)
    assert ASKED in (await (await stage.staff(area="371703001")).get("/gaps")).words


async def test_an_entry_in_service_closes_it(stage: Stage) -> None:
    number = await _gap(stage)
    browser = await stage.staff()
    form = {"entry": "dingtao-loan-individual-cap"}
    assert (await browser.post(f"/gaps/{number}/answered", **form)).status == 303
    gap = await _found(stage, number)
    assert (gap.state, gap.entry, gap.closed_by) == ("answered", form["entry"], "小周")
    rows = await stage.database.read(audit.of, f"gap:{number}")
    assert [row.act for row in rows] == ["answered_gap"]


async def test_an_entry_that_is_not_served_closes_nothing(stage: Stage) -> None:
    number = await _gap(stage)
    answer = await (await stage.staff()).post(f"/gaps/{number}/answered", entry="没有的")
    assert (answer.status, 'id="e-entry"' in answer.text) == (422, True)


async def test_dismissing_needs_a_reason(stage: Stage) -> None:
    number = await _gap(stage)
    browser = await stage.staff()
    assert (await browser.post(f"/gaps/{number}/dismiss", note=" ")).status == 422
    assert (await browser.post(f"/gaps/{number}/dismiss", note="归农业局")).status == 303
    assert (await _found(stage, number)).note == "归农业局"


async def test_a_second_click_is_told(stage: Stage) -> None:
    number = await _gap(stage)
    browser = await stage.staff()
    await browser.post(f"/gaps/{number}/dismiss", note="归农业局")
    answer = await browser.post(f"/gaps/{number}/dismiss", note="归农业局")
    assert (answer.status, "已经处理" in answer.words) == (409, True)


async def test_two_that_mean_the_same_become_one(stage: Stage) -> None:
    one, other = await _gap(stage, "养鹅补贴"), await _gap(stage, "喂鹅给钱不", times=2)
    browser = await stage.staff()
    assert (await browser.post(f"/gaps/{one}/merge", into=str(other))).status == 303
    assert (await _found(stage, other)).asked == 3


async def test_it_is_not_joined_to_another_countys(stage: Stage) -> None:
    one, other = await _gap(stage), await _gap(stage, area="430300")
    answer = await (await stage.staff()).post(f"/gaps/{one}/merge", into=str(other))
    assert answer.status == 404


async def test_a_new_entry_begins_with_what_they_asked(stage: Stage) -> None:
    number = await _gap(stage, times=2)
    browser = await stage.staff()
    assert f"gap={number}" in (await browser.get(f"/gaps/{number}")).text
    page = await browser.get(f"/policies/draft/form?area=dingtao&gap={number}")
    assert ASKED in page.text
    assert "待填" not in page.text


async def test_the_nearest_entry_is_taken_by_a_button(stage: Stage) -> None:
    number = await _gap(stage, "个体户创业担保贷款最高多少")
    page = await (await stage.staff()).get(f"/gaps/{number}")
    assert 'name="entry" value="dingtao-loan-individual-cap"' in page.text
    assert "就用这一条答" in page.words
