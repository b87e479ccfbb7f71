"""我的信息 and the copy hold everything that the register knows of a person (domain P-12)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.prompts import fits
from records import events, project_people, surveys
from records.database import Session
from records.events import EventKind, NewEvent
from records.project_people import Answer, Showing, Way
from records.schema import METADATA
from records.staff_accounts import StaffRole
from records.surveys import Awareness
from tests.handlers.support.talks import registered, two_people
from tests.handlers.support.walk import Store, Walk
from tests.support.happenings import happen

# Where «我的信息» or the copy tells of a table; `-` and why, where a person is told nothing of it.
TOLD = {
    "account_link": "在这几处",
    "ambassador": "宣传大使",
    "application": "办事",
    "assignment": "专员",
    "awareness": "问过您知不知道政策",
    "call_back": "下次联系",
    "checklist_tick": "-their own ticks, which the list itself shows",
    "person_tag": "标签",
    "case_step": "-the office's own steps with a case that is told of",
    "campaign_recipient": "-what was sent; the messages are in the chat itself",
    "consent": "同意",
    "course_wish": "想学",
    "door": "-the round of a cadre; what was learnt at the door is the record",
    "enrolment": "课",
    "entity": "台账",
    "entity_change": "-the history of a business that is told of",
    "helper_leave": "手机号给",
    "home_stay": "-the days behind 现在, which is told of",
    "import_difference": "-what a list says otherwise; it is asked where it matters",
    "import_touch": "-which list changed the record; the answers themselves are told of",
    "incident_person": "-whom an incident touches is told in a notice of its own",
    "invitation": "活动",
    "known_name": "-prints of names, by which they are kept out of what is posted to groups",
    "name_part": "-prints of parts of names, by which staff find them",
    "link_code": "-lives for minutes, and is shown where it is made",
    "person_change": "-the history of answers that are told of",
    "person_facts": "办照情况",
    "project": "您的项目",
    "project_answer": "您说",
    "project_change": "-the history of a project that is told of",
    "project_shown": "给您看过",
    "relay_line": "留过",
    "report_piece": "-a line of an office's report; what it says of them is their record",
    "sage_tier": "乡贤名单",
    "sharing": "能看您的",
    "ticket": "办事",
    "typical_case": "案例",
    "visit": "联系过您",
    "voucher": "说您",
}


def _talk() -> tuple[Walk, Walk]:
    store = Store()
    helper = Walk(store=store, chat="of 小刘", is_new=False)
    helper.serve("小刘", role=StaffRole.COMMISSIONER)
    person = registered(store=store)
    helper.now = person.now
    return person, helper


def _read(person: Walk) -> str:
    """Every page of 我的信息; each message is short."""
    person.say("我的信息")
    told: list[str] = []
    while person.said() not in told:
        told.append(person.said())
        assert all(fits(reply.text) for reply in person.last.replies), person.said()
        person.say("更多")
    return "\n".join(told)


def test_each_table_about_people_is_told_of_or_said_why_not() -> None:
    names = {table.name for table in METADATA.sorted_tables if "person_id" in table.c}
    assert names - TOLD.keys() == set()


def test_courses_invitations_helper_visits_and_requests_are_listed() -> None:
    person, helper = _talk()
    vault, now = person.store.vault, person.now
    [who] = person.profiles()

    def work(session: Session) -> None:
        happen(session, vault, "course 电商直播入门 430381 2026-12-11 20", now)
        told = NewEvent(EventKind.TALK, "新春恳谈会", "430381", now + timedelta(days=9), "小刘")
        events.invite(session, events.add(session, told, now), [who.id], now)

    person.store.run(work)
    person.all("培训", "1", "1")
    helper.say("回访 1号 在筹备 下次12月1日")
    person.say("专员")
    person.say("1")
    told = _read(person)
    for word in ("专员：小刘", "联系过您1次", "电商直播入门", "退课", "办事：", "新春恳谈会"):
        assert word in told


def test_what_was_said_to_helpers_is_in_the_copy() -> None:
    person, helper = _talk()
    helper.say("给1号 材料齐了没")
    person.now = helper.now + timedelta(minutes=1)
    person.say("周五齐")
    assert "留过2句话" in _read(person)
    copied = person.say("导出")[-1].text
    assert "小刘：材料齐了没" in copied
    assert "周五齐" in copied


def test_what_a_helper_may_see_is_told_with_how_to_take_it_back() -> None:
    person, _ = _talk()
    mentor = Walk(store=person.store, chat="of 陈姐", is_new=False)
    mentor.serve("陈姐", role=StaffRole.MENTOR)
    person.all("导师", "1", "1")
    assert "手机号给陈姐看了，不给了回“手机号不给陈姐看”" in _read(person)


def test_projects_surveys_and_answers_are_counted() -> None:
    person, _ = _talk()
    person.stock()
    [who] = person.profiles()
    shown = [Showing(who.id, 1), Showing(who.id, 2)]

    def work(session: Session) -> None:
        project_people.note_shown(session, shown, Way.CHAT, person.now)
        no, now = Answer.REFUSED, person.now
        project_people.answer(session, who.id, 1, no, category="shop", at=now)
        surveys.put(
            session, [Awareness(person_id=who.id, year=2026, entry="x", asked_at=person.now)]
        )

    person.store.run(work)
    told = _read(person)
    assert "要0个、不要1个" in told
    assert "2026年" in told


@pytest.mark.parametrize("name", ["1", "2"])
def test_of_two_on_one_phone_each_reads_their_own(name: str) -> None:
    walk = two_people()
    Walk(store=walk.store, chat="s", is_new=False).serve("小刘", role=StaffRole.COMMISSIONER)
    walk.all("我的信息", name)
    assert "办事" not in walk.said()


def test_whoever_looks_again_and_again_is_not_stuck() -> None:
    walk = registered()
    for _ in range(4):
        walk.say("我的信息")
        assert ("卡住" in walk.said(), "老王" in walk.said()) == (False, True)
