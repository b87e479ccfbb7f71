"""Requests that go on: moved, answered by the right ones, applied for, asked about once."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import select

from handlers.tickets import escalation, knowing
from handlers.tickets.own import asks
from handlers.tickets.words import Accept, Decide, Join, Move, PapersCame, PartDone, wish_of
from outreach import routing
from outreach.calendars import CHINA
from records import (
    applications,
    assignments,
    bodies,
    entities,
    erasure,
    outbox,
    places,
    staff_accounts,
    surveys,
    ticket_steps,
    tickets,
)
from records.applications import Outcome
from records.assignments import Help, Why
from records.bodies import Body, BodyKind
from records.database import Session
from records.entities import Business
from records.people import Profile
from records.staff_accounts import StaffRole
from records.surveys import Tally
from records.tickets import Level, Ticket, TicketState
from tests.handlers.support.talks import registered
from tests.handlers.support.walk import Walk, sent_to

TODAY = date(2026, 11, 21)
COUNTY, TOWN, VILLAGE = "430381", "430381104", "430381104203"


def _staff(walk: Walk, name: str, area: str, role: StaffRole = StaffRole.STAFF) -> Walk:
    clerk = Walk(store=walk.store, chat=f"of {name}", now=walk.now, is_new=False)
    clerk.serve(name, area, role)
    return clerk


def _at_home(*more: str) -> Walk:
    """老王, of a village that is known."""
    walk = registered()
    (person,) = walk.profiles()
    spot = {"area": COUNTY, "town": TOWN, "village": VILLAGE}
    walk.store.run(lambda s: places.lodge(s, person.id, **spot))
    walk.all(*more)
    return walk


def _row(walk: Walk) -> Ticket:
    return walk.store.run(lambda s: tickets.list_open(s))[-1]


def _person(walk: Walk) -> Profile:
    return walk.profiles()[0]


def _monday(walk: Walk, day: int = 23) -> datetime:
    walk.now = datetime(2026, 11, day, 9, 0, tzinfo=CHINA)
    return walk.now


def _look(walk: Walk) -> dict[str, int]:
    vault, now = walk.store.vault, walk.now
    return walk.store.run(lambda s: escalation.look_after(s, vault, now))


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("转 g7k2m4 镇 教育 孩子在镇小学", ("G7K2M4", Level.TOWN, "school", "孩子在镇小学")),
        ("转G7K2M4 法律援助", ("G7K2M4", None, "legal", "")),
        ("转到 G7K2M4，县里", ("G7K2M4", Level.COUNTY, "", "")),
        ("转 G7K2M4 土地流转 村里 要看地", ("G7K2M4", Level.VILLAGE, "land", "要看地")),
    ],
)
def test_a_move_is_read_however_it_is_ordered(text: str, wish: tuple[str, ...]) -> None:
    found = wish_of(text, TODAY)
    assert isinstance(found, Move)
    matter = found.matter.code if found.matter else ""
    assert (found.number, found.level, matter, found.why) == wish


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("受理 13900001234 一次性创业补贴", Accept("13900001234", "一次性创业补贴")),
        (
            "受理 G7K2M4 一次性创业补贴 11月20日交的 缺 租房合同、照片 12月5日前",
            Accept(
                "G7K2M4", "一次性创业补贴", date(2026, 11, 20), "租房合同、照片", date(2026, 12, 5)
            ),
        ),
        ("受理 G7K2M4 贷款 缺合同", Accept("G7K2M4", "贷款 缺合同", is_unclear=True)),
        (
            "受理 G7K2M4 贷款 缺 合同 2026年2月30日前",
            Accept("G7K2M4", "贷款", papers="合同", is_unclear=True),
        ),
        (
            "受理 G7K2M4 贷款 缺 合同 11月1日前",  # over, and not meant a year from now
            Accept("G7K2M4", "贷款", papers="合同", is_unclear=True),
        ),
        ("补齐 g7k2m4", PapersCame("G7K2M4")),
        ("结论 G7K2M4 不通过 没办照", Decide("G7K2M4", Outcome.REFUSED, "没办照")),
        ("结论 G7K2M4 批了", Decide("G7K2M4", Outcome.GRANTED)),
        ("结论 G7K2M4", Decide("G7K2M4", None)),
        ("转人工", None),
        ("受理了没", None),
    ],
)
def test_work_on_an_application_is_read(text: str, found: object) -> None:
    assert wish_of(text, TODAY) == found


@pytest.mark.parametrize(
    "text",
    [
        "进度",
        "查进度",
        "我的申请批了没",
        "办到哪一步了",
        "补贴批下来了没有",
        "我交的补贴啥时候下来",
        "我申请的贷款什么时候能到账",
    ],
)
def test_progress_is_asked_for_in_many_words(text: str) -> None:
    assert asks(text) == ""


@pytest.mark.parametrize("text", ["补贴多久能批", "批了没有合同怎么办", "好了", "贷款"])
def test_other_questions_are_none_of_progress(text: str) -> None:
    assert asks(text) is None


def test_a_request_lies_with_the_level_that_serves_its_subject() -> None:
    walk = _at_home()
    clerk = _staff(walk, "小唐", TOWN)
    walk.all("人工")
    walk.say("结束")
    walk.all("想给孩子转学，要找人工")
    row = _row(walk)
    assert (row.matter, row.level) == ("school", "town")
    assert "子女入学" in sent_to(walk.store, "of 小唐")[-1]
    assert row.number in clerk.say("待办")[0].text


def test_the_cadre_of_the_village_sees_what_lies_with_it_and_nothing_else() -> None:
    walk = _at_home()
    cadre = _staff(walk, "老谢", VILLAGE, StaffRole.CADRE)
    other = _staff(walk, "老李", "430381104204", StaffRole.CADRE)
    walk.all("老家有事", "老屋漏雨，想请人修修", "投诉", "村干部不理人")
    land, complaint = (r.number for r in walk.store.run(lambda s: tickets.list_open(s)))
    assert land in cadre.say("待办")[0].text
    assert "没有编号" in cadre.say(f"看 {complaint}")[0].text
    assert "没有编号" in other.say(f"看 {land}")[0].text


def test_a_move_is_noted_the_new_staff_and_the_person_are_told() -> None:
    walk = _at_home("转人工")
    county, town = _staff(walk, "小刘", COUNTY), _staff(walk, "小唐", TOWN)
    number = walk.ticket()
    assert "转到镇里了" in county.say(f"转 {number} 镇里 社保 断了三年")[0].text
    assert "转到您这儿：想找人说（社保接续）" in sent_to(walk.store, "of 小唐")[-1]
    told = [text for text in sent_to(walk.store, "42") if number in text]
    assert ["镇里" in text and "最晚11月23日" in text for text in told] == [True]
    assert "小刘转到镇里，社保接续：断了三年" in town.say(f"看 {number}")[0].text


def test_what_waits_with_colleagues_is_counted_and_listed_when_asked_for() -> None:
    walk = _at_home()
    _staff(walk, "小唐", TOWN)
    county = _staff(walk, "小刘", COUNTY)
    walk.all("要找人工，孩子上学的事")
    number = _row(walk).number
    assert number not in (said := county.say("待办")[0].text)
    assert "还有1件" in said
    assert number in county.say("待办 全部")[0].text


def test_the_commissioner_of_who_asks_has_it_first() -> None:
    walk = _at_home()
    helper, other = (
        _staff(walk, name, COUNTY, StaffRole.COMMISSIONER) for name in ("小刘", "老周")
    )
    person, now = _person(walk).id, walk.now
    walk.store.run(
        lambda s: assignments.assign(
            s, person, "小刘", Help.COMMISSIONER, why=Why.BY_STAFF, at=now
        )
    )
    walk.all("转人工")
    assert _row(walk).taken_by == "小刘"
    told = [bool(sent_to(walk.store, f"of {name}")) for name in ("小刘", "老周")]
    assert told == [True, False]
    assert walk.ticket() in helper.say("待办")[0].text
    assert "小刘在办" in other.say(f"接 {walk.ticket()}")[0].text


def test_what_the_commissioner_does_not_answer_goes_to_the_colleagues() -> None:
    walk = _at_home()
    _staff(walk, "小刘", COUNTY, StaffRole.COMMISSIONER)
    _staff(walk, "老周", COUNTY)
    person, now = _person(walk).id, walk.now
    walk.store.run(
        lambda s: assignments.assign(
            s, person, "小刘", Help.COMMISSIONER, why=Why.BY_STAFF, at=now
        )
    )
    walk.all("转人工")
    _monday(walk, 24)
    assert _look(walk)["overdue"] == 1
    assert (_row(walk).state, _row(walk).taken_by) == (TicketState.OPEN, "")
    assert "没按时办" in sent_to(walk.store, "of 老周")[-1]


def test_staff_is_reminded_once_before_the_time_is_up() -> None:
    walk = _at_home("转人工")
    _staff(walk, "小刘", COUNTY)
    _monday(walk)
    assert [_look(walk)["reminded"] for _ in range(2)] == [1, 0]
    assert "快到期" in sent_to(walk.store, "of 小刘")[-1]


def test_what_is_late_goes_up_one_level_each_working_day_and_each_only_once() -> None:
    walk = _at_home()
    for name, area, role in (("老谢", VILLAGE, StaffRole.CADRE), ("小唐", TOWN, StaffRole.STAFF)):
        _staff(walk, name, area, role)
    _staff(walk, "小刘", COUNTY)
    walk.all("要找人工，想包五十亩地")
    levels = [_row(walk).level]
    for day in (24, 25, 26, 27):
        _monday(walk, day)
        _look(walk)
        levels.append(_row(walk).level)
    assert levels == ["village", "town", "county", "county", "county"]
    vault, number = walk.store.vault, _row(walk).number
    steps = walk.store.run(lambda s: ticket_steps.of(s, vault, number))
    assert [step.kind.value for step in steps] == ["escalated", "escalated", "overdue"]


def test_that_it_is_late_is_told_to_who_waits_and_shown_at_the_desk() -> None:
    walk = _at_home("转人工")
    clerk = _staff(walk, "小刘", COUNTY)
    clerk.now = _monday(walk, 24)
    _look(walk)
    assert "没按说好的日子办" in sent_to(walk.store, "42")[-1]
    assert "已超期1个工作日" in clerk.say("待办")[0].text
    walk.say("结束")
    assert "已超期1个工作日" not in walk.say("进度")[0].text  # a talk that nobody took up is over


def test_where_nobody_serves_the_level_any_more_the_next_has_it() -> None:
    walk = _at_home()
    cadre = _staff(walk, "老谢", VILLAGE, StaffRole.CADRE)
    _staff(walk, "小刘", COUNTY)
    walk.all("要找人工，村民不让修路")
    walk.store.run(lambda s: staff_accounts.disable(s, "老谢", at=cadre.now, actor="system"))
    assert _look(walk)["lifted"] == 1
    assert _row(walk).level == "county"


def _applied(more: str = "") -> tuple[Walk, Walk, str]:
    walk = _at_home()
    clerk = _staff(walk, "小刘", COUNTY)
    clerk.say(f"受理 13900001234 一次性创业补贴 {more}".strip())
    return walk, clerk, _row(walk).number


def test_an_application_has_seven_working_days_from_its_submission() -> None:
    walk, clerk, _ = _applied("11月20日交的")
    assert "7个工作日内（最晚12月1日）" in sent_to(walk.store, "42")[-1]
    assert "一次性创业补贴：小刘在办，最晚12月1日" in walk.say("进度")[0].text
    assert "最晚12月1日" in clerk.say("待办")[0].text


def test_papers_may_follow_and_the_clock_runs_on() -> None:
    walk, clerk, number = _applied("缺 租房合同 11月27日前")
    assert "还缺租房合同，11月27日前补上" in sent_to(walk.store, "42")[-1]
    assert "还缺租房合同" in walk.say(f"进度 {number}")[0].text
    assert "补齐了，最晚12月1日" in clerk.say(f"补齐 {number}")[0].text
    assert "还缺" not in walk.say(f"进度 {number}")[0].text
    assert "没有要补的" in clerk.say(f"补齐 {number}")[0].text


def test_a_refusal_needs_a_reason_and_the_person_reads_it() -> None:
    walk, clerk, number = _applied()
    assert "要写原因" in clerk.say(f"结论 {number} 不通过")[0].text
    assert "要写结论" in clerk.say(f"完 {number}")[0].text
    clerk.say(f"结论 {number} 不通过 还没办营业执照")
    assert any("没批：还没办营业执照" in text for text in sent_to(walk.store, "42"))
    assert "没批" in walk.say("进度")[0].text
    assert "已经有结论" in clerk.say(f"结论 {number} 通过")[0].text


def test_that_the_money_has_come_is_on_the_day_on_which_they_say_so() -> None:
    walk, clerk, number = _applied()
    clerk.say(f"结论 {number} 通过")
    walk.wait(days=20)
    assert "批了20天，钱还没到账" in walk.say("进度")[0].text
    walk.say(f"到账 {number} 2")
    assert "钱还没到账" in sent_to(walk.store, "of 小刘")[-1]
    walk.say(f"到账 {number} 1")
    vault = walk.store.vault
    held = walk.store.run(lambda s: applications.found(s, vault, [number]))[number]
    assert held.paid_on == date(2026, 12, 11)


def test_nobody_else_says_that_the_money_has_come_nor_how_it_was() -> None:
    walk, clerk, number = _applied()
    clerk.say(f"结论 {number} 通过")
    stranger = Walk(store=walk.store, chat="77", now=walk.now)
    stranger.all(f"到账 {number} 1", f"打分 {number} 1", f"进度 {number}")
    assert "没有编号" in stranger.said()
    vault = walk.store.vault
    held = walk.store.run(lambda s: applications.found(s, vault, [number]))[number]
    assert held.paid_on is None
    assert walk.store.run(lambda s: surveys.score_of(s, number)) is None


def test_who_is_not_registered_or_of_another_place_is_not_applied_for() -> None:
    walk = _at_home()
    far = _staff(walk, "远方", "371703")
    near = _staff(walk, "小刘", COUNTY)
    assert "没有用这个手机号登记的人" in far.say("受理 13900001234 补贴")[0].text
    assert "没有用这个手机号登记的人" in near.say("受理 13911112222 补贴")[0].text


def test_what_is_closed_is_asked_about_once_and_the_first_answer_holds() -> None:
    walk = _at_home("转人工")
    number, clerk = walk.ticket(), _staff(walk, "小刘", COUNTY)
    clerk.say(f"完 {number}")
    assert "办得怎么样" in sent_to(walk.store, "42")[-1]
    walk.all(f"打分 {number} 5", f"打分 {number} 1")
    assert walk.store.run(lambda s: surveys.score_of(s, number)) == 5


@pytest.mark.parametrize("said", ["我不想活了", "我的店亏了，不干了"])
def test_who_is_in_need_is_not_asked_how_it_was(said: str) -> None:
    walk = _at_home(said)
    number, clerk = _row(walk).number, _staff(walk, "小刘", COUNTY)
    clerk.say(f"完 {number}")
    assert not any("办得怎么样" in text for text in sent_to(walk.store, "42"))


def test_the_question_offers_the_scores() -> None:
    vault, number = (walk := _at_home("转人工")).store.vault, walk.ticket()
    _staff(walk, "小刘", COUNTY).say(f"完 {number}")

    def offered(session: Session) -> list[str]:
        rows = session.execute(select(outbox.OutboxRow)).scalars()
        return [o.value for row in rows for o in outbox.as_outgoing(row, vault).options]

    assert [f"打分 {number} {n}" for n in range(1, 6)] == [
        value for value in walk.store.run(offered) if value.startswith("打分")
    ]


def test_satisfaction_says_how_many_were_asked_and_answered() -> None:
    walk = _at_home()
    at = walk.now

    def work(session: Session) -> Tally:
        for name, score in (("A", 5), ("B", 4), ("C", 2), ("D", None)):
            surveys.ask(session, name, COUNTY, at)
            if score:
                surveys.rate(session, name, score)
        surveys.ask(session, "E", "371703", at)
        return surveys.satisfaction(session, COUNTY, at, at.replace(year=2027))

    assert walk.store.run(work) == Tally(asked=4, answered=3, good=2)


def test_a_scam_is_the_countys_also_where_a_cadre_is_bound() -> None:
    walk = _at_home()
    _staff(walk, "老谢", VILLAGE, StaffRole.CADRE)
    _staff(walk, "小刘", COUNTY)
    walk.all("村里有人收500块帮我办土地流转的补贴")
    assert (_row(walk).level, _row(walk).is_flagged) == ("county", True)
    assert "要紧" in sent_to(walk.store, "of 小刘")[-1]


def test_what_somebody_wants_done_at_home_lies_with_the_village() -> None:
    walk = _at_home()
    _staff(walk, "老谢", VILLAGE, StaffRole.CADRE)
    walk.all("老家有事", "老人一个人在家，想请人看看")
    assert (_row(walk).kind, _row(walk).level) == ("home", "village")
    assert routing.matter_of(_row(walk).matter).code == "home"


@pytest.mark.parametrize("said", ["帮我看看老家的政策", "老家有啥事能贷款", "帮我看看有啥补贴"])
def test_a_question_is_no_wish_for_home(said: str) -> None:
    walk = _at_home(said)
    assert walk.store.run(lambda s: tickets.list_open(s)) == []


def test_erasing_a_person_takes_the_reasons_and_the_application_along() -> None:
    walk, clerk, number = _applied("缺 租房合同 11月27日前")
    clerk.say(f"转 {number} 审批 县里 老王家急用")
    vault, person, at = walk.store.vault, _person(walk).id, walk.now
    walk.store.run(lambda s: tickets.erase_of(s, vault, person_id=person, at=at))
    walk.store.run(lambda s: erasure.erase(s, person, counted=(), at=at))
    assert walk.store.run(lambda s: applications.found(s, vault, [number])) == {}
    steps = walk.store.run(lambda s: ticket_steps.of(s, vault, number))
    assert all(step.why == "" for step in steps)


def _runs_one(walk: Walk) -> str:
    vault, at, person = walk.store.vault, walk.now, _person(walk).id
    shop = Business(trade="shop", area=COUNTY)
    walk.store.run(lambda s: entities.open_one(s, vault, "e1", person, shop, source="chat", at=at))
    return person


@pytest.mark.parametrize(
    ("said", "state"), [("我的店关了，不干了", "closed"), ("店里亏了好多", "open")]
)
def test_a_business_that_is_said_to_be_over_is_closed_in_the_ledger(said: str, state: str) -> None:
    walk = _at_home()
    person = _runs_one(walk)
    walk.say(said)
    (held,) = walk.store.run(lambda s: entities.of_people(s, [person]))[person]
    assert (held.state, held.closed_on is not None) == (state, state == "closed")
    assert _row(walk).kind == "closed_business"


def test_of_two_businesses_nobody_guesses_which_is_closed() -> None:
    walk = _at_home()
    person = _runs_one(walk)
    vault, at, farm = walk.store.vault, walk.now, Business(trade="farm")
    walk.store.run(lambda s: entities.open_one(s, vault, "e2", person, farm, source="chat", at=at))
    walk.say("店关了")
    held = walk.store.run(lambda s: entities.of_people(s, [person]))[person]
    assert [row.state for row in held] == ["open", "open"]


def test_a_technical_question_lies_with_the_county() -> None:
    walk = _at_home()
    _staff(walk, "老谢", VILLAGE, StaffRole.CADRE)
    _staff(walk, "小刘", COUNTY)
    walk.all("要找人工，想请大学的专家看看技术难题")
    assert (_row(walk).matter, _row(walk).level) == ("tech", "county")
    assert "技术对接" in sent_to(walk.store, "of 小刘")[-1]


def _asked(walk: Walk, known: dict[str, str]) -> int:
    vault, now = walk.store.vault, walk.now
    return walk.store.run(lambda s: knowing.ask_some(s, vault, known, now, 10))


def test_what_people_know_is_asked_in_two_questions_once_a_year() -> None:
    walk, known = _at_home(), {COUNTY: "loan"}
    assert [_asked(walk, known), _asked(walk, known)] == [1, 0]
    assert "该找谁" in walk.say("知晓 2026 1")[0].text
    assert "不收钱" in walk.say("2")[0].text
    tally = walk.store.run(lambda s: surveys.awareness(s, COUNTY, 2026))
    assert tally == Tally(asked=1, answered=1, good=1)
    walk.wait(days=60)
    assert _asked(walk, known) == 1  # another year


def test_who_is_told_what_is_so_has_not_known_it() -> None:
    walk = _at_home()
    _asked(walk, {COUNTY: "loan"})
    assert "有的" in walk.say("知晓 2026 3")[0].text
    walk.say("交钱请中介办")
    walk.say("知晓 2026 1")
    tally = walk.store.run(lambda s: surveys.awareness(s, COUNTY, 2026))
    assert tally == Tally(asked=1, answered=1, good=0)


@pytest.mark.parametrize("known", [{}, {"371703": "loan"}, {"000000": "loan"}])
def test_nobody_is_asked_about_what_no_paper_of_their_home_has(known: dict[str, str]) -> None:
    assert _asked(_at_home(), known) == 0


def test_who_did_not_agree_to_be_written_to_is_not_asked() -> None:
    walk = _at_home("停")
    assert _asked(walk, {COUNTY: "loan"}) == 0


@pytest.mark.parametrize("number", ["ABC", "A1", "ZZZZZZ", "1234567A"])
def test_a_number_that_was_mistyped_is_said_to_be_none(number: str) -> None:
    clerk = _staff(_at_home(), "小刘", COUNTY)
    assert f"没有编号是{number}" in clerk.say(f"完 {number}")[0].text


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("会办 g7k2m4 国土局、环保局 人行", Join("G7K2M4", ("国土局", "环保局", "人行"))),
        ("会办G7K2M4：国土局，国土局", Join("G7K2M4", ("国土局",))),
        ("会办好 G7K2M4 国土局 手续批了", PartDone("G7K2M4", "国土局", "手续批了")),
        ("会办好了 G7K2M4 国土局", PartDone("G7K2M4", "国土局")),
    ],
)
def test_who_serves_together_is_read_from_one_line(text: str, wish: Join | PartDone) -> None:
    assert wish_of(text, TODAY) == wish


def test_several_offices_serve_one_request_and_the_person_sees_how_far() -> None:
    walk, clerk, number = _applied()
    assert "国土局、环保局会办" in clerk.say(f"会办 {number} 国土局 环保局")[0].text
    assert "还等环保局" in clerk.say(f"会办好 {number} 国土局 地批了")[0].text
    assert "国土局办好了，环保局在办" in walk.say(f"进度 {number}")[0].text
    assert "不在会办" in clerk.say(f"会办好 {number} 税务局")[0].text
    assert "几家都齐了" in clerk.say(f"会办好 {number} 环保局")[0].text
    assert "会办好了：国土局：地批了" in clerk.say(f"看 {number}")[0].text


def test_who_sits_in_the_group_for_a_subject_learns_of_it_first() -> None:
    walk = _at_home()
    for name in ("小刘", "老张"):
        _staff(walk, name, COUNTY)
    group = Body(BodyKind.SERVICE_GROUP, "经济类服务组", COUNTY, matters=("money",))

    def seat(session: Session) -> None:
        number = bodies.add(session, group, by="小刘", at=walk.now)
        bodies.seat(session, number, "老张", "组长", by="小刘", at=walk.now)

    walk.store.run(seat)
    walk.all("要找人工，想贷款没本钱")
    number = _row(walk).number
    assert number in sent_to(walk.store, "of 老张")[-1]
    assert not any(number in text for text in sent_to(walk.store, "of 小刘"))
