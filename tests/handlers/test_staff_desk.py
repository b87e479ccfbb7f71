"""The desk in a chat: who may see what, what goes to the person, and what comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers import desk, desk_acts
from records import audit, send_budgets, staff_accounts, tickets
from records.conversations import Overtaken
from records.database import Session
from records.messages import InboundKind
from records.send_budgets import Closing
from records.staff_accounts import StaffRole
from records.tickets import TicketState
from tests.handlers.support.talks import registered
from tests.handlers.support.walk import Walk, sent_to


def _clerk(walk: Walk, name: str = "小刘", area: str = "", **given: StaffRole) -> Walk:
    """One of the staff on another account of the same store."""
    clerk = Walk(store=walk.store, chat=f"of {name}", now=walk.now, is_new=False)
    clerk.serve(name, area, **given)
    return clerk


def test_the_list_says_nothing_that_the_person_said() -> None:
    walk = registered("转人工")
    said = _clerk(walk).say("待办")[0].text
    assert walk.ticket() in said
    assert not any(word in said for word in ("老王", "13900001234", "转人工"))


@pytest.mark.parametrize(("area", "is_seen"), [("430381", True), ("", True), ("371703", False)])
def test_staff_see_their_own_area(area: str, is_seen: bool) -> None:
    walk = registered("转人工")
    clerk = _clerk(walk, area=area)
    assert (walk.ticket() in clerk.say("待办")[0].text) is is_seen
    assert ("没有编号" in clerk.say(f"看 {walk.ticket()}")[0].text) is not is_seen


@pytest.mark.parametrize("area", ["430300", "430000"])
@pytest.mark.parametrize("words", ["待办", "看 {}", "接 {}", "回 {} 您好"])
def test_a_city_reads_nobodys_request(area: str, words: str) -> None:
    walk = registered("转人工")
    number = walk.ticket()
    said = " ".join(one.text for one in _clerk(walk, area=area).say(words.format(number)))
    assert said
    assert number not in said
    assert "老王" not in said


def test_a_request_without_an_area_is_everybodys() -> None:
    walk = Walk()
    walk.all("人工")
    assert walk.ticket() in _clerk(walk, area="371703").say("待办")[0].text


@pytest.mark.parametrize("role", [StaffRole.MENTOR, StaffRole.STEWARD, StaffRole.CADRE])
def test_requests_are_not_for_every_role(role: StaffRole) -> None:
    walk = registered("转人工")
    mentor = _clerk(walk, "老张", role=role)
    for text in ("待办", f"看 {walk.ticket()}", f"回 {walk.ticket()} 在吗"):
        assert "看不到" in mentor.say(text)[0].text
    assert sent_to(walk.store, "42") == []


@pytest.mark.parametrize("text", ["看 {n}", "看{n}", "查看：{n}", "看编号 {n}", "看　{n}"])
def test_a_request_is_read_however_it_is_named(text: str) -> None:
    walk = registered("转人工")
    clerk = _clerk(walk)
    number = walk.ticket()
    assert "老王 13900001234" in clerk.say(text.format(n=number.lower()))[0].text
    trail = walk.store.run(lambda s: audit.of(s, number))
    assert (trail[-1].act, trail[-1].actor) == ("ticket.read", "staff:小刘")


def test_an_answer_goes_to_the_person_as_it_was_typed() -> None:
    walk = registered("转人工")
    text = "您好！\n１．带户口本；２．带身份证"
    _clerk(walk).say(f"回 {walk.ticket()} {text}")
    assert sent_to(walk.store, "42") == [f"工作人员小刘：{text}"]


def test_what_the_person_says_then_comes_to_who_answered() -> None:
    walk = registered("转人工")
    _clerk(walk).say(f"回 {walk.ticket()} 地在哪个村？")
    walk.say("花桥村的")
    told = sent_to(walk.store, "of 小刘")
    assert told[-1].endswith("对方说：\n花桥村的")


def test_after_the_button_the_next_words_are_the_answer() -> None:
    walk = registered("转人工")
    clerk = _clerk(walk)
    clerk.all(f"接 {walk.ticket()}", f"回 {walk.ticket()}", "有人要跳楼就打110")
    assert sent_to(walk.store, "42") == ["工作人员小刘：有人要跳楼就打110"]


@pytest.mark.parametrize("text", ["取消", "返回", "待办", "帮助"])
def test_an_answer_that_was_begun_can_be_left(text: str) -> None:
    walk = registered("转人工")
    clerk = _clerk(walk)
    clerk.all(f"回 {walk.ticket()}", text, "泉塘镇的政策")
    assert sent_to(walk.store, "42") == []


def test_words_long_after_the_button_are_no_answer() -> None:
    walk = registered("转人工")
    clerk = _clerk(walk)
    clerk.say(f"回 {walk.ticket()}")
    clerk.wait(minutes=20)
    clerk.say("开店补贴多少")
    assert sent_to(walk.store, "42") == []


def test_who_has_it_is_told_to_a_colleague() -> None:
    walk = registered("转人工")
    _clerk(walk).say(f"接 {walk.ticket()}")
    assert "小刘在办" in _clerk(walk, "老周").say(f"接 {walk.ticket()}")[0].text


def test_a_colleague_may_take_it_over_and_then_hears_the_person() -> None:
    walk = registered("转人工")
    _clerk(walk).say(f"接 {walk.ticket()}")
    _clerk(walk, "老周").say(f"换 {walk.ticket()}")
    walk.say("花桥村的")
    told = [sent_to(walk.store, f"of {name}") for name in ("小刘", "老周")]
    assert [any("花桥村的" in text for text in texts) for texts in told] == [False, True]


def test_of_two_who_take_it_at_once_the_second_looks_again() -> None:
    walk = registered("转人工")
    clerk = _clerk(walk)
    vault, number = walk.store.vault, walk.ticket()
    seen = walk.store.run(lambda s: desk.look_at(s, vault, number, now=walk.now))
    clerk.say(f"接 {number}")
    assert seen is not None
    late = desk.Work(desk.Act.TAKE, seen, desk.Clerk("老周", "老周"))
    with pytest.raises(Overtaken):
        walk.store.run(lambda s: desk_acts.do(s, vault, late, now=walk.now))


def test_what_is_done_is_told_and_waits_no_more() -> None:
    walk = registered("转人工")
    number, clerk = walk.ticket(), _clerk(walk)
    clerk.say(f"完 {number}")
    assert number in sent_to(walk.store, "42")[-1]
    assert "没有人在等" in clerk.say("待办")[0].text
    assert "办完了" in clerk.say(f"回 {number} 在吗")[0].text


def test_whose_person_has_deleted_everything_can_only_be_closed() -> None:
    walk = registered("有人收500块帮我办补贴")
    clerk = _clerk(walk)
    number = walk.store.run(lambda s: desk.list_open(s, walk.store.vault))[0].number
    vault, account = walk.store.vault, walk.account
    walk.store.run(lambda s: tickets.erase_of(s, vault, at=walk.now, conversation=account))
    assert "联系不上" in clerk.say(f"回 {number} 在吗")[0].text
    clerk.say(f"完 {number}")
    case = walk.store.run(lambda s: desk.look_at(s, vault, number, now=walk.now))
    assert case is not None
    assert case.state is TicketState.CLOSED


def test_whom_a_servicer_has_is_answered_by_the_servicer() -> None:
    walk = registered("转人工")
    clerk, number = _clerk(walk), walk.ticket()
    walk.store.run(lambda s: _hand_over(s, walk))
    assert "正由LiSi在微信客服里接待" in clerk.say(f"回 {number} 在吗")[0].text
    assert sent_to(walk.store, "42") == []


def test_long_lists_come_in_pages() -> None:
    walk = Walk()
    for number in range(23):
        Walk(store=walk.store, chat=str(number)).say("人工")
    clerk = _clerk(walk)
    seen = [line for page in (1, 2, 3) for line in clerk.say(f"待办 {page}")[0].text.split("\n")]
    assert len({line[:6] for line in seen if "想找人说" in line}) == 23


def test_a_code_binds_an_account_once() -> None:
    walk = Walk(is_new=False)
    _give_code(walk, "YG23456789")
    assert "绑好了，小刘" in walk.say("绑定 yg23456789")[0].text
    assert "件求助" in walk.say("", InboundKind.START)[0].text
    other = Walk(store=walk.store, chat="77", is_new=False)
    assert "用过了" in other.say("YG23456789")[0].text


def test_a_code_is_good_for_a_day() -> None:
    walk = Walk(is_new=False)
    _give_code(walk, "YG23456789")
    walk.wait(hours=25)
    assert "过期" in walk.say("YG23456789")[0].text


def test_who_is_disabled_is_a_person_like_any_other() -> None:
    walk = registered("转人工")
    clerk = _clerk(walk)
    walk.store.run(lambda s: staff_accounts.disable(s, "小刘", at=walk.now, actor="system"))
    assert walk.ticket() not in clerk.say("待办")[0].text


def test_everything_else_is_answered_as_for_everybody() -> None:
    walk = Walk(is_new=False)
    walk.serve("小刘")
    assert "10万元" in walk.say("定陶区创业担保贷款最高多少")[0].text
    assert "登记" in walk.say("登记")[0].text


def _hand_over(session: Session, walk: Walk) -> None:
    send_budgets.reopen(session, {walk.account: walk.now}, {})
    why = Closing.HANDED_OVER
    send_budgets.close(session, walk.account, why, servicer="LiSi")


def _give_code(walk: Walk, code: str) -> None:
    vault, at = walk.store.vault, walk.now - timedelta(minutes=1)

    def work(session: Session) -> None:
        role = StaffRole.STAFF
        staff_accounts.add(session, "小刘", role=role, area="", at=at, actor="system")
        staff_accounts.offer(session, vault, "小刘", code, at=at, actor="system")

    walk.store.run(work)


def test_the_person_hears_each_answer_and_that_it_is_done() -> None:
    walk = registered("转人工")
    number = walk.ticket()
    _clerk(walk).all(f"接 {number}", f"回 {number} 您好", f"回 {number} 来一趟", f"完 {number}")
    told = sent_to(walk.store, "42")
    words = ("您好", "来一趟", "办完了", "办得怎么样")
    assert all(word in text for word, text in zip(words, told, strict=True))
