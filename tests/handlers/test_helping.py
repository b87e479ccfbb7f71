"""People who help: who gets whom, what helpers write in one line, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

import pytest

from handlers.helping.words import Entry, Listing, Look, TakeBack, is_about_helpers, wish_of
from outreach.helping import assigning
from records import assignments, audit, entities, visits
from records.assignments import Help, Helper
from records.staff_accounts import StaffRole
from records.visits import Gift, Light, Reason, Standing, VisitKind
from tests.handlers.support.talks import REGISTERED, registered
from tests.handlers.support.walk import Store, Walk, sent_to

TODAY = date(2026, 11, 21)


RUNNING = (*REGISTERED[:8], "1", "3", "8个月", "1", "1", "1 4", *REGISTERED[12:])


@pytest.mark.parametrize("said", ["专员", "谁是我的专员", "我归谁管", "谁是我的导师"])
def test_who_helps_is_asked_for_in_many_words(said: str) -> None:
    assert is_about_helpers(said)


def _helper(
    store: Store, name: str = "小刘", area: str = "", role: StaffRole = StaffRole.COMMISSIONER
) -> Walk:
    """A helper on another account of the same store."""
    helper = Walk(store=store, chat=f"of {name}", is_new=False)
    helper.serve(name, area, role=role)
    return helper


def _pair(talk: Sequence[str] = REGISTERED) -> tuple[Walk, Walk]:
    """Somebody who registered, and their commissioner."""
    helper = _helper(Store())
    person = registered(store=helper.store, talk=talk)
    helper.now = person.now
    return person, helper


@pytest.mark.parametrize(
    ("text", "kind", "number", "next_on"),
    [
        ("回访 3号 开业 绿", VisitKind.CALL, 3, None),
        ("回访3号 开业 绿 下次12月1日", VisitKind.CALL, 3, date(2026, 12, 1)),
        ("3号没接", VisitKind.NO_ANSWER, 3, None),
        ("没打通 第12号 下次明天", VisitKind.NO_ANSWER, 12, date(2026, 11, 22)),
        ("走访 3 送政策 送技术", VisitKind.KNOCK, 3, None),
        ("辅导 3号 2小时 讲了记账", VisitKind.GUIDANCE, 3, None),
        ("回访 3号 没接", VisitKind.NO_ANSWER, 3, None),
        ("回访，3号，开业", VisitKind.CALL, 3, None),
        ("3号 倒闭了", VisitKind.CALL, 3, None),
        ("3号开业了，绿灯", VisitKind.CALL, 3, None),
        ("回访3 没接电话", VisitKind.NO_ANSWER, 3, None),
        ("给3号打电话没接", VisitKind.NO_ANSWER, 3, None),
        ("3号 空号", VisitKind.NO_ANSWER, 3, None),
        ("三号没接", VisitKind.NO_ANSWER, 3, None),
        ("今天回访了 3 号：开业", VisitKind.CALL, 3, None),
        ("回访 3号 不接受贷款", VisitKind.CALL, 3, None),
        ("回访 3号 好 12.5再打", VisitKind.CALL, 3, date(2026, 12, 5)),
        ("回访 3号 好 下次下周一", VisitKind.CALL, 3, date(2026, 11, 23)),
        ("回访 3号 好 下次下个月", VisitKind.CALL, 3, date(2026, 12, 21)),
        ("回访 3号 好 下次两周后", VisitKind.CALL, 3, date(2026, 12, 5)),
        ("回访 3号 好 下次1月5日", VisitKind.CALL, 3, date(2027, 1, 5)),
    ],
)
def test_a_line_is_read_however_it_is_written(
    text: str, kind: VisitKind | None, number: int, next_on: date | None
) -> None:
    wish = wish_of(text, TODAY)
    if kind is None:
        assert wish is None
    else:
        assert isinstance(wish, Entry)
        assert (wish.told.kind, wish.number, wish.next_on) == (kind, number, next_on)


@pytest.mark.parametrize(
    ("text", "standing", "light"),
    [
        ("回访 3号 开业 绿", Standing.OPEN, Light.GREEN),
        ("回访 3号 红灯 停业", Standing.CLOSED, Light.RED),
        ("回访 3号 黄了", Standing.CLOSED, None),
        ("3号已经不干了 红", Standing.CLOSED, Light.RED),
        ("回访 3号 开业绿灯", Standing.OPEN, Light.GREEN),
        ("回访 3号 还没开业呢", None, None),
        ("回访 3号 快开业了", None, None),
        ("回访 3号 黄 在筹备", Standing.PREPARING, Light.YELLOW),
        ("回访 3号 生意还行", None, None),
    ],
)
def test_a_light_is_only_what_the_helper_says(
    text: str, standing: Standing | None, light: Light | None
) -> None:
    wish = wish_of(text, TODAY)
    assert isinstance(wish, Entry)
    assert (wish.told.standing, wish.told.light) == (standing, light)


def test_gifts_hours_and_words_are_told_apart() -> None:
    wish = wish_of("走访 3号 五送 1小时半 缺个冷库", TODAY)
    assert isinstance(wish, Entry)
    assert (wish.told.gifts, wish.told.minutes) == (tuple(Gift), 90)
    assert wish.told.note == "缺个冷库"


@pytest.mark.parametrize(
    "text",
    [
        *("贷款最高多少", "指导员是谁", "回访是什么意思", "3号线怎么走", "政策"),
        *("3号联系电话是多少", "3号楼在哪", "3号没人管怎么办", "生意倒闭了怎么办", "3号台风来了"),
    ],
)
def test_what_is_no_line_of_a_helper_is_left_alone(text: str) -> None:
    assert wish_of(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("今天", Listing.TODAY),
        ("我的人", Listing.EVERYBODY),
        ("看3号", Look(3)),
        ("看3", Look(3)),
        ("3号", Look(3)),
        ("查三号档案", Look(3)),
        ("今天给谁打电话", Listing.TODAY),
        ("撤销", TakeBack()),
        ("撤回", TakeBack()),
    ],
)
def test_lists_and_dossiers_have_their_words(text: str, wish: object) -> None:
    assert wish_of(text, TODAY) == wish


def test_who_registers_gets_a_commissioner_and_both_are_told() -> None:
    person, helper = _pair()
    assert any("小刘" in text for text in sent_to(person.store, person.chat))
    assert any("1号" in text for text in sent_to(person.store, helper.chat))


def test_nobody_is_given_to_a_helper_of_another_county() -> None:
    store = _helper(Store(), "小张", area="410922").store
    registered(store=store)
    assert store.run(lambda s: assignments.of_helper(s, "小张")) == []


def test_a_full_helper_gets_no_more_and_the_rest_wait() -> None:
    store = _helper(Store()).store
    store.run(lambda s: assignments.keep_helper(s, Helper(name="小刘", most=1)))
    registered(store=store)
    other = Walk(store=store, chat="43")
    other.all(*REGISTERED)
    assert len(store.run(lambda s: assignments.of_helper(s, "小刘"))) == 1
    _helper(store, "小张")
    given = store.run(lambda s: assigning.give_the_rest(s, store.vault, other.now, 10))
    assert (given, len(store.run(lambda s: assignments.of_helper(s, "小张")))) == (1, 1)


def test_the_first_word_is_due_in_three_working_days_and_then_by_months() -> None:
    person, _ = _pair()
    [who] = person.profiles()
    waiting = person.store.run(lambda s: visits.waiting(s, [who.id]))
    assert [due.reason for due in waiting] == [
        Reason.FIRST,
        Reason.MONTH_1,
        Reason.MONTH_3,
        Reason.MONTH_6,
        Reason.MONTH_12,
    ]
    assert waiting[0].due_on == date(2026, 11, 25)


def test_todays_list_holds_who_is_due_and_a_line_takes_them_off() -> None:
    _, helper = _pair()
    assert "没有要回访的" in helper.say("今天")[0].text
    helper.wait(days=5)
    assert "1号 老王" in helper.say("今天")[0].text
    said = helper.say("回访 1号 开业 绿 下次12月1日")[0].text
    assert all(word in said for word in ("1号老王", "开业", "绿灯", "12月1日"))
    assert "没有要回访的" in helper.say("今天")[0].text


def test_a_line_told_by_mistake_is_taken_back() -> None:
    _, helper = _pair()
    helper.wait(days=5)
    helper.say("回访 1号 红 下次12月1日")
    assert "撤回了" in helper.say("撤回")[0].text
    assert "1号 老王" in helper.say("今天")[0].text
    assert "没有可撤回" in helper.say("撤回")[0].text


def test_who_did_not_answer_is_due_again() -> None:
    person, helper = _pair()
    helper.wait(days=5)
    helper.say("没接 1号")
    [who] = person.profiles()
    waiting = person.store.run(lambda s: visits.waiting(s, [who.id]))
    assert [due.reason for due in waiting][:2] == [Reason.FIRST, Reason.AGAIN]


def test_a_dossier_shows_the_whole_person_and_leaves_a_trace() -> None:
    person, helper = _pair()
    said = helper.say("看1号")[0].text
    assert all(word in said for word in ("老王", "13900001234", "想法"))
    [who] = person.profiles()
    acts = [row.act for row in person.store.run(lambda s: audit.of(s, who.id))]
    assert acts[-1] == "dossier.read"


def test_nobody_sees_the_dossiers_of_another() -> None:
    person, _ = _pair()
    other = _helper(person.store, "小张")
    assert "没有1号" in other.say("看1号")[0].text
    assert "还没有人" in other.say("我的人")[0].text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("回访 9号 开业", "没有9号"),
        ("回访 1号", "联系上了没"),
        ("回访 1号 好 下次2月31日", "“下次2月31日”不对"),
        ("回访 1号 好 下次昨天", "“下次昨天”不对"),
        ("回访 老李 好", "没有叫老李的"),
        ("1号、2号没接", "一行记一位"),
        ("老王 倒闭了", "1号老王，回访，停业"),
        ("回访 1号 好 下次春节后", "“下次春节后”不对"),
        ("回访 老王 好", "1号老王"),
    ],
)
def test_a_line_that_cannot_be_is_said_back(text: str, said: str) -> None:
    assert said in _pair()[1].say(text)[0].text


def test_a_closed_business_is_closed_in_the_ledger() -> None:
    person, helper = _pair(RUNNING)
    helper.say("回访 1号 停业 红")
    [who] = person.profiles()
    [row] = person.store.run(lambda s: entities.of_people(s, [who.id]))[who.id]
    assert (row.state, row.closed_on) == ("closed", TODAY)


def test_all_dossiers_of_a_leaver_go_on_and_each_person_hears_once() -> None:
    person, _ = _pair()
    new = _helper(person.store, "小张")
    vault, later = person.store.vault, person.now + timedelta(days=1)
    over = person.store.run(
        lambda s: assigning.hand_over(s, vault, "小刘", actor="system", now=later)
    )
    assert (over.taken, over.left) == ({"小张": 1}, 0)
    told = [text for text in sent_to(person.store, person.chat) if "小张" in text]
    assert len(told) == 1
    assert "老王" in new.say("我的人")[0].text


def test_a_person_asks_who_helps_them_and_is_called() -> None:
    person, _ = _pair()
    assert "小刘" in person.say("专员")[0].text
    assert "小刘1个工作日内" in person.tap("请他联系我")[0].text


def test_a_person_picks_a_mentor_of_the_trade() -> None:
    person, _ = _pair()
    for name, trades in (("陈姐", ["farming"]), ("丁师傅", ["shop"]), ("李工", [])):
        _helper(person.store, name, role=StaffRole.MENTOR)
        row = Helper(name=name, trades=trades, about=f"{name}带过不少人")
        person.store.run(partial(assignments.keep_helper, helper=row))
    labels = [option.label for option in person.say("导师")[-1].options]
    assert len(labels) == 4
    person.say("1")
    [who] = person.profiles()
    found = person.store.run(lambda s: assignments.of_people(s, [who.id]))[who.id]
    assert {one.help for one in found} == {Help.COMMISSIONER, Help.MENTOR}


def test_an_expert_of_the_trade_is_booked() -> None:
    person, _ = _pair()
    for name, trades, is_expert in (("陈姐", ["farming"], False), ("王教授", [], True)):
        _helper(person.store, name, role=StaffRole.MENTOR)
        row = Helper(name=name, trades=trades, about="市农科院", is_expert=is_expert)
        person.store.run(partial(assignments.keep_helper, helper=row))
    asked = person.say("我想约专家")[-1]
    assert [option.label for option in asked.options] == ["1 王教授", "2 先不选", "0 返回"]
    person.say("1")
    [who] = person.profiles()
    found = person.store.run(lambda s: assignments.of_people(s, [who.id]))[who.id]
    assert {one.helper for one in found} == {"小刘", "王教授"}


def test_where_no_expert_is_nobody_is_offered() -> None:
    person, _ = _pair()
    _helper(person.store, "陈姐", role=StaffRole.MENTOR)
    assert "没有对您这一行的专家" in person.say("约专家")[-1].text


def test_a_mentor_does_not_see_the_phone() -> None:
    person, _ = _pair()
    mentor = _helper(person.store, "陈姐", role=StaffRole.MENTOR)
    person.all("导师", "1")
    assert "139****1234" in mentor.say("看1号")[0].text


def test_everything_that_was_noted_is_in_ones_own_copy() -> None:
    person, helper = _pair(RUNNING)
    helper.say("回访 1号 开业 绿 雇了两个人")
    person.now = helper.now
    read = [reply.text for reply in person.say("我的信息")]
    assert "专员：小刘" in "".join(read) + "".join(r.text for r in person.say("更多"))
    copied = person.say("导出")[-1].text
    assert all(word in copied for word in ("雇了两个人（小刘记）", "台账：小店餐饮美容"))


def test_an_erased_person_is_on_no_list() -> None:
    person, helper = _pair()
    person.all("删除", "确认删除")
    if person.profiles():
        person.all("1234", "确认删除")
    assert "还没有人" in helper.say("我的人")[0].text


def test_an_area_without_anybody_keeps_no_other_waiting() -> None:
    store = Store()
    registered(store=store)
    other = Walk(store=store, chat="43")
    other.all(*("定陶陈集镇" if word.startswith("湖南") else word for word in REGISTERED))
    _helper(store, area="371703")
    given = store.run(lambda s: assigning.give_the_rest(s, store.vault, other.now, 1))
    assert given == 1
