"""What no post to a group may hold: refused, or doubted, and where it stands."""

from __future__ import annotations

import pytest

from outreach.posting import checking
from outreach.posting.checking import Named, Why
from records import known_names, people
from records.database import Database, Session
from records.vault import Vault

KNOWN = Named(frozenset({"老周", "李强", "王建国", "高兴"}))
W = Why


def _found(text: str) -> list[tuple[str, Why]]:
    return [(one.words, one.why) for one in checking.check(text, KNOWN, phones=("0530-1234567",))]


@pytest.mark.parametrize(
    "text",
    [
        "周六上午九点县里有招聘会，带身份证，不收钱。",
        "符合条件的每人最高可贷20万元，个人5000元起，办事打12333。",
        "政策看 https://www.gov.cn/zhengce/content_6927890.htm ，咨询0530-1234567。",
        "发改委2026年1月1日的文件，名额300个，面积500亩。",
        "请转发给需要的老乡，管理强化以后每户补2000元。",
    ],
)
def test_plain_news_pass(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize(
    ("text", "words", "why"),
    [
        ("电话138 0000 0000找我", "138 0000 0000", W.NUMBER),
        ("一三八零零零零零零零零", "一三八零零零零零零零零", W.NUMBER),
        ("打１３８００００００００", "１３８００００００００", W.NUMBER),
        ("咨询0530-7654321", "0530-7654321", W.NUMBER),
        ("证号110101199003070011。", "110101199003070011", W.IDENTITY),
        ("办好了「身份证号已隐去」", "「身份证号已隐去」", W.IDENTITY),
        ("加我微信", "加我微信", W.ACCOUNT),
        ("找李强问", "李强", W.NAME),
        ("去年老周来过", "老周", W.NAME),
        ("王 建 国同志", "王 建 国", W.NAME),
        ("他领了三千元", "三千元", W.AMOUNT),
        ("保证能批", "保证能批", W.PROMISE),
        ("交材料包过", "包过", W.PROMISE),
        ("转发3个群领红包", "转发3个群领红包", W.LURE),
        ("看t.cn/abc", "t.cn/abc", W.LINK),
        ("http://gov.cn@evil.com/x", "http://gov.cn@evil.com/x", W.LINK),
        ("http://a.gov.cn.evil.com", "http://a.gov.cn.evil.com", W.LINK),
    ],
)
def test_what_is_refused_is_named(text: str, words: str, why: Why) -> None:
    assert (words, why) in _found(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("凡是说包过的都是骗子", W.LIKE_PROMISE),
        ("张师傅说大棚好", W.LIKE_NAME),
        ("村里人都高兴", W.LIKE_NAME),
        ("有位老乡去年挣了20万", W.LIKE_AMOUNT),
        ("大家扩散", W.LIKE_LURE),
        ("别信转发领红包", W.LIKE_LURE),
    ],
)
def test_what_is_doubted_is_left_to_a_person(text: str, why: Why) -> None:
    assert why.is_doubt
    assert why in [found for _, found in _found(text)]


def test_an_amount_beside_a_name_is_about_one_person() -> None:
    assert _found("李强领了5000元") == [("李强", W.NAME), ("5000元", W.AMOUNT)]


def test_a_place_is_told_by_line_and_character() -> None:
    assert checking.place_of("第一行\n找李强", 5) == (2, 2)


def _enter(session: Session, vault: Vault, now: object) -> None:
    entered = people.Entered(
        codes={}, texts={"nickname": "王建国"}, area="371703", source=people.Source.HOUSEHOLD
    )
    people.enter(session, vault, "p1", entered, at=now, basis="文件一号")  # type: ignore[arg-type]


@pytest.mark.parametrize("is_printed", [False, True])
async def test_a_registered_name_is_known_at_once(
    database: Database, vault: Vault, now: object, is_printed: bool
) -> None:
    await database.run(_enter, vault, now)
    if is_printed:
        assert await database.run(known_names.make, vault, 10) == 1
        assert await database.run(known_names.make, vault, 10) == 0
    found = await database.read(checking.named, vault, "请王 建国来")
    assert found == Named(frozenset({"王建国"}))
