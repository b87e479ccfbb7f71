"""The entries: edited as a form, reviewed by another, released, asked, withdrawn."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from knowledge.answer import Answerer
from knowledge.library import in_service
from records import policies, told
from records.database import Session
from records.policies import Stage
from records.staff_accounts import StaffRole
from records.told import Told
from tests.support.console import Answer, Browser
from tests.support.console import Stage as Console

ENTRY = "dingtao-loan-individual-cap"
FORM = f"/policies/draft/form?entry={ENTRY}"
_FIELD = re.compile(r'<(?:input|textarea|select)[^>]*?name="([^"]+)"([^>]*)>')


def _fields(page: Answer) -> dict[str, str]:
    """What a browser would send of a page's editor."""
    form = page.text.split("data-keep>")[1].split("</form>")[0]
    found = dict(re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', form, flags=re.S))
    found |= dict(re.findall(r'<textarea[^>]*?name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S))
    for name, body in re.findall(r'<select[^>]*?name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else ""
    found.pop("csrf")
    return {name: unescape(text) for name, text in found.items()}


async def _drafted(browser: Browser, **changed: str) -> Answer:
    typed = _fields(await browser.get(FORM)) | {"act": "save"} | changed
    return await browser.post("/policies/draft/form", **typed)


async def _live(console: Console) -> list[policies.PageVersion]:
    return await console.database.read(lambda s: policies.at_stages(s, Stage.LIVE))


async def _answers(console: Console, question: str) -> str:
    served = await console.database.read(policies.served)
    library, _ = in_service(served.pages)
    return Answerer(library).answer(question, area="371703", now=console.now).text


async def test_an_entry_is_listed_and_shown(stage: Console) -> None:
    browser = await stage.staff()
    page = await browser.get("/policies?q=个体户&area=dingtao")
    assert ENTRY in page.text
    assert "最高10万元" in (await browser.get(f"/policies/{ENTRY}")).words


@pytest.mark.parametrize(("area", "folder"), [("371703", "dingtao"), ("430381", "xiangtan")])
async def test_ones_own_area_comes_first(stage: Console, area: str, folder: str) -> None:
    page = await (await stage.staff("小何", area=area)).get("/policies")
    first = page.text.partition('<th scope="row"><a href="/console/policies/')[2]
    assert first.startswith(f"{folder}-")


async def test_an_entry_unchanged_is_the_same_after_the_form(stage: Console) -> None:
    browser = await stage.staff()
    answer = await _drafted(browser)
    page = await browser.get(answer.path)
    assert answer.path.startswith("/policies/versions/")
    assert "没有不同" in page.words


async def test_edited_reviewed_released_and_asked(stage: Console) -> None:
    author, other = await stage.staff(), await stage.staff("老王")
    money = {"figure-0-value": "30万", "figure-0-printed": "最高30万元"}
    draft = await _drafted(author, **money)
    number = draft.path.rsplit("/", 1)[1]
    assert "最高10万元" in await _answers(stage, "个体户创业担保贷款最高多少")
    assert (await other.post(f"/policies/versions/{number}/review")).status == 303
    assert (await other.post(f"/policies/versions/{number}/release")).status == 303
    assert "最高30万元" in await _answers(stage, "个体户创业担保贷款最高多少")


async def test_nobody_reviews_their_own_draft(stage: Console) -> None:
    author = await stage.staff()
    number = (await _drafted(author, detail="改了一点。")).path.rsplit("/", 1)[1]
    answer = await author.post(f"/policies/versions/{number}/review")
    assert (answer.status, "自己写的不能自己审" in answer.words) == (409, True)


async def test_a_draft_not_reviewed_is_not_released(stage: Console) -> None:
    author, other = await stage.staff(), await stage.staff("老王")
    number = (await _drafted(author, detail="改了一点。")).path.rsplit("/", 1)[1]
    answer = await other.post(f"/policies/versions/{number}/release")
    assert (answer.status, await _live(stage)) == (409, [])


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("figure-0", {"figure-0-value": "很多"}),
        ("rule-1", {"rule-1-value": "国企"}),
        ("rule-1", {"rule-1-attr": "months_operating", "rule-1-value": "9999"}),
        ("valid_until", {"valid_until": "明年"}),
        ("apart_from", {"apart_from": "没有原因"}),
    ],
)
async def test_a_fault_stands_at_its_field_and_nothing_is_lost(
    stage: Console, field: str, changed: dict[str, str]
) -> None:
    answer = await _drafted(await stage.staff(), detail="写了很久的话。", **changed)
    assert answer.status == 422
    assert "写了很久的话。" in answer.text
    assert next(iter(changed.values())) in answer.text
    assert await stage.database.read(policies.waiting) == []
    assert 'class="fault"' in answer.text.split(f'name="{field}')[-1]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"answer": ""}, "“直接的回答”不能空着"),
        ({"answer": "最高{没有}。"}, "用了没有定义的数字"),
        ({"phone": "12"}, "不像电话号码"),
        ({"source": ""}, "请选依据文件"),
        ({"asked_as": "只有一种"}, "问法不到6种"),
        ({"figure-0-printed": "最高九万元"}, "找不到这个数"),
        ({"valid_from": "2027-05-01", "valid_until": "2027-01-01"}, "早于"),
    ],
)
async def test_a_draft_with_faults_is_kept_and_says_them(
    stage: Console, changed: dict[str, str], said: str
) -> None:
    browser = await stage.staff()
    answer = await _drafted(browser, **changed)
    page = await browser.get(answer.path)
    assert answer.path.startswith("/policies/draft/form?version=")
    assert said in page.words
    assert len(await stage.database.read(policies.waiting)) == 1


async def test_saving_again_leaves_one_draft(stage: Console) -> None:
    browser = await stage.staff()
    await _drafted(browser, detail="第一次。")
    await _drafted(browser, detail="第二次。")
    waiting = await stage.database.read(policies.waiting)
    assert ["第二次" in row.text for row in waiting] == [True]


async def test_who_began_from_older_words_is_told_first(stage: Console) -> None:
    author, other = await stage.staff(), await stage.staff("老王")
    typed = _fields(await author.get(FORM)) | {"act": "save", "detail": "我的话。"}
    number = (await _drafted(other, detail="他的话。")).path.rsplit("/", 1)[1]
    await author.post(f"/policies/versions/{number}/review")
    await author.post(f"/policies/versions/{number}/release")
    answer = await author.post("/policies/draft/form", **typed)
    assert (answer.status, "我的话。" in answer.text) == (409, True)


async def test_a_look_keeps_nothing_and_asks_the_draft(stage: Console) -> None:
    browser = await stage.staff()
    money = {"figure-0-value": "300000", "figure-0-printed": "最高30万元"}
    ask = {"act": "look", "question": "个体户创业担保贷款最高多少", "area": "371703"}
    page = await _drafted(browser, **money, **ask)
    today, then = page.text.split("今天这样答")[1].split("换上这一版，这样答")
    assert "最高10万元" in today
    assert "最高30万元" in then
    assert await stage.database.read(policies.waiting) == []


async def test_rules_are_read_back_in_words(stage: Console) -> None:
    page = await (await stage.staff()).get(FORM)
    assert "经营形式：个体户" in page.words


async def test_the_file_is_a_second_way(stage: Console) -> None:
    browser = await stage.staff()
    page = await browser.get(f"/policies/draft/raw?entry={ENTRY}")
    typed = _fields(page)
    text = typed["text"].replace('detail = "', 'detail = "另外，')
    answer = await browser.post("/policies/draft/raw", **typed | {"text": text})
    assert (answer.status, len(await stage.database.read(policies.waiting))) == (303, 1)


async def test_a_broken_file_stays_in_its_form(stage: Console) -> None:
    browser = await stage.staff()
    typed = _fields(await browser.get(f"/policies/draft/raw?entry={ENTRY}"))
    answer = await browser.post("/policies/draft/raw", **typed | {"text": "id = 坏了"})
    assert (answer.status, "id = 坏了" in answer.text) == (422, True)
    assert "第 1 行" in answer.words


@pytest.mark.parametrize("area", ["430381", "420500"])
async def test_another_areas_entry_is_read_but_not_changed(stage: Console, area: str) -> None:
    browser = await stage.staff("小何", area=area)
    page = await browser.get(f"/policies/{ENTRY}")
    assert page.status == 200
    assert ("这一条是山东省菏泽市定陶区的，您能看，不能改" in page.words) is (area == "430381")
    assert (await browser.get(FORM)).status == 404
    path = f"dingtao/policies/{ENTRY}.toml"
    assert (await browser.post("/policies/draft/form", path=path)).status == 404
    form = {"note": "不要了", "seen": "x"}
    assert (await browser.post(f"/policies/{ENTRY}/withdraw", **form)).status == 404


async def test_a_draft_is_not_seen_elsewhere(stage: Console) -> None:
    answer = await _drafted(await stage.staff(), detail="还没定。")
    partner = await stage.staff("某银行", StaffRole.PARTNER)
    assert (await partner.get(answer.path)).status == 404
    assert "还没定" not in (await partner.get(f"/policies/{ENTRY}")).text


@pytest.mark.parametrize(
    "path", ["dingtao/policies/../pack.toml", "common/wording.toml", "dingtao/pack.toml", "x"]
)
async def test_no_other_page_is_written_by_the_form(stage: Console, path: str) -> None:
    answer = await (await stage.staff(area="")).post("/policies/draft/form", path=path)
    assert answer.status == 404


async def test_withdrawing_says_how_many_were_told(stage: Console) -> None:
    at = stage.now - timedelta(days=3)

    def tell(session: Session) -> None:
        told.note(session, [Told(f"webchat:{n}", ENTRY, at) for n in range(7)])

    await stage.database.run(tell)
    page = await (await stage.staff()).get(f"/policies/{ENTRY}")
    assert "有 7 个对话听过它" in page.words


async def test_what_is_withdrawn_is_said_no_more(stage: Console) -> None:
    browser = await stage.staff()
    page = await browser.get(f"/policies/{ENTRY}")
    seen = re.findall(r'name="seen" value="([^"]+)"', page.text)[0]
    form = {"note": "数字有误", "seen": seen, "with_referring": "yes"}
    answer = await browser.post(f"/policies/{ENTRY}/withdraw", **form)
    assert answer.status == 303
    served = await stage.database.read(policies.served)
    assert served.pages[f"dingtao/policies/{ENTRY}.toml"] is None


async def test_a_new_paper_and_an_entry_that_rests_on_it(stage: Console) -> None:
    author, other = await stage.staff(), await stage.staff("老王")
    paper = {"folder": "dingtao", "title": "新的通知", "number": "定政〔2026〕9号"}
    answer = await author.post("/policies/draft/paper", **paper, date="2026-11-01")
    number = answer.path.rsplit("/", 1)[1]
    assert (await other.post(f"/policies/versions/{number}/review")).status == 303
    assert (await other.post(f"/policies/versions/{number}/release")).status == 303
    served = await stage.database.read(policies.served)
    assert "新的通知" in str(served.pages["dingtao/pack.toml"])


async def test_what_is_typed_is_never_markup(stage: Console) -> None:
    browser = await stage.staff()
    evil = "<script>alert(1)</script>"
    answer = await _drafted(browser, detail=evil, title=evil)
    for path in (answer.path, "/policies?tab=draft", f"/policies/{ENTRY}"):
        assert evil not in (await browser.get(path)).text


async def test_a_new_entry_begins_empty(stage: Console) -> None:
    page = await (await stage.staff()).get("/policies/draft/form?area=dingtao")
    assert "写一条新的" in page.words
    assert _fields(page)["path"].startswith("dingtao/policies/dingtao-new-")


async def test_the_first_page_says_what_waits_for_whom(stage: Console) -> None:
    author, other = await stage.staff(), await stage.staff("老王")
    number = (await _drafted(author, detail="改了一点。")).path.rsplit("/", 1)[1]
    assert "等您审" not in (await author.get("/")).words
    assert "等您审" in (await other.get("/")).words
    await other.post(f"/policies/versions/{number}/review")
    assert "等上线" in (await author.get("/")).words


async def _draft_of(console: Console, author: Browser, **changed: str) -> str:
    return (await _drafted(author, **changed)).path.rsplit("/", 1)[1]


async def _served_anew(console: Console, author: Browser, other: Browser, detail: str) -> str:
    number = await _draft_of(console, author, detail=detail)
    await other.post(f"/policies/versions/{number}/review")
    await other.post(f"/policies/versions/{number}/release")
    return number


async def test_a_draft_sent_back_tells_its_author_why(stage: Console) -> None:
    author, other = await stage.staff(), await stage.staff("老王")
    number = await _draft_of(stage, author, detail="改了一点。")
    await other.post(f"/policies/versions/{number}/send-back", why="文号写错了")
    page = await author.get(f"/policies/versions/{number}")
    assert "老王退回来改：文号写错了" in page.words
    assert "您写的政策被退回来改" in (await author.get("/")).words


async def test_a_draft_is_sent_back_with_a_reason_only(stage: Console) -> None:
    author, other = await stage.staff(), await stage.staff("老王")
    number = await _draft_of(stage, author, detail="改了一点。")
    answer = await other.post(f"/policies/versions/{number}/send-back", why="")
    assert (answer.status, "退回来改" in answer.words) == (422, False)


async def test_one_that_was_agreed_to_can_still_be_sent_back(stage: Console) -> None:
    author, other = await stage.staff(), await stage.staff("老王")
    number = await _draft_of(stage, author, detail="改了一点。")
    await other.post(f"/policies/versions/{number}/review")
    await other.post(f"/policies/versions/{number}/send-back", why="再看看")
    assert (await other.post(f"/policies/versions/{number}/release")).status == 409


async def test_a_draft_given_up_is_taken_up_again(stage: Console) -> None:
    author, other = await stage.staff(), await stage.staff("老王")
    number = await _draft_of(stage, author, detail="改了一点。")
    await other.post(f"/policies/versions/{number}/drop")
    await other.post(f"/policies/versions/{number}/pick-up")
    assert (await other.post(f"/policies/versions/{number}/review")).status == 303


async def test_an_earlier_version_is_drafted_anew(stage: Console) -> None:
    author, other = await stage.staff(), await stage.staff("老王")
    first = await _served_anew(stage, author, other, "头一回改。")
    await _served_anew(stage, author, other, "第二回改。")
    draft = await other.post(f"/policies/versions/{first}/restore")
    number = int(draft.path.rsplit("/", 1)[1])
    row = await stage.database.read(policies.version, number)
    assert "头一回改。" in row.text
    assert "恢复第 1 版的内容" in (await other.get(draft.path)).words


async def test_what_the_program_brought_is_drafted_anew(stage: Console) -> None:
    author, other = await stage.staff(), await stage.staff("老王")
    await _served_anew(stage, author, other, "改错了。")
    draft = await author.post(f"/policies/{ENTRY}/restore")
    number = draft.path.rsplit("/", 1)[1]
    await other.post(f"/policies/versions/{number}/review")
    await other.post(f"/policies/versions/{number}/release")
    assert "改错了。" not in (await _live(stage))[0].text


async def test_a_draft_is_no_earlier_version(stage: Console) -> None:
    author = await stage.staff()
    number = await _draft_of(stage, author, detail="改了一点。")
    assert (await author.post(f"/policies/versions/{number}/restore")).status == 409


async def test_a_figure_is_marked_whole_where_it_changed(stage: Console) -> None:
    author = await stage.staff()
    number = await _draft_of(
        stage, author, **{"figure-0-value": "30万", "figure-0-printed": "最高30万元"}
    )
    page = await author.get(f"/policies/versions/{number}")
    assert "最高<del>10</del>万元" in page.text
    assert "最高<ins>30</ins>万元" in page.text


async def test_a_new_paper_is_read_as_the_lines_that_came(stage: Console) -> None:
    author = await stage.staff()
    answer = await author.post("/policies/draft/paper", folder="dingtao", title="新的通知")
    page = await author.get(answer.path)
    assert '<ins>title = "新的通知"</ins>' in page.text.replace("&#34;", '"')
