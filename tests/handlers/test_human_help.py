"""Hand-over both ways: ticket, silence, staff's answers, and back to the bot."""

from __future__ import annotations

import pytest

from handlers import desk, desk_acts
from handlers.desk import Case, Clerk, NoSuchTicket
from records import audit
from records.messages import InboundKind
from records.tickets import Author, TicketKind, TicketState
from tests.handlers.support.talks import REGISTERED, registered
from tests.handlers.support.walk import Walk, sent_to

CLERK = Clerk("liu", "小刘")


def _open(walk: Walk) -> list[Case]:
    return walk.store.run(lambda s: desk.list_open(s, walk.store.vault))


def _show(walk: Walk, number: str) -> Case:
    vault = walk.store.vault
    return walk.store.run(lambda s: desk_acts.show(s, vault, number, clerk=CLERK, now=walk.now))


def _reply(walk: Walk, number: str, text: str) -> None:
    vault = walk.store.vault
    walk.store.run(lambda s: desk_acts.reply(s, vault, number, text, clerk=CLERK, now=walk.now))


def _close(walk: Walk, number: str) -> None:
    vault = walk.store.vault
    walk.store.run(lambda s: desk_acts.close(s, vault, number, clerk=CLERK, now=walk.now))


def test_a_ticket_carries_the_talk_and_the_home() -> None:
    walk = registered("转人工")
    (case,) = _open(walk)
    assert (case.kind, case.state, case.area) == (TicketKind.TALK, TicketState.OPEN, "430381")
    assert "老王 13900001234" in [line.text for line in _show(walk, case.number).lines]


def test_the_bot_is_silent_and_passes_on_what_is_said() -> None:
    walk = registered("转人工")
    assert walk.say("孩子上学的事想问问") == ()
    lines = _show(walk, walk.ticket()).lines
    assert (lines[-1].author, lines[-1].text) == (Author.PERSON, "孩子上学的事想问问")


def test_staff_answers_in_their_own_name() -> None:
    walk = registered("转人工")
    _reply(walk, walk.ticket(), "您把户口本带来")
    assert sent_to(walk.store, "42") == ["小刘：您把户口本带来"]
    assert _open(walk)[0].state is TicketState.TAKEN


def test_two_equal_answers_are_both_sent() -> None:
    walk = registered("转人工")
    _reply(walk, walk.ticket(), "在的")
    _reply(walk, walk.ticket(), "在的")
    assert sent_to(walk.store, "42") == ["小刘：在的", "小刘：在的"]


def test_closing_gives_the_person_back_to_the_bot() -> None:
    walk = registered("转人工")
    _close(walk, walk.ticket())
    assert walk.ticket() == ""
    assert "有事接着问" in sent_to(walk.store, "42")[0]
    assert walk.say("天气") != ()


@pytest.mark.parametrize("word", ["结束", "返回"])
def test_the_person_ends_it_with_a_word(word: str) -> None:
    walk = registered("转人工", word)
    assert walk.ticket() == ""
    assert _open(walk) == []


def test_a_call_back_does_not_silence_the_bot_until_staff_writes() -> None:
    walk = Walk()
    walk.all("宜昌补贴多少钱", "要", "跳过")
    (case,) = _open(walk)
    assert (case.kind, walk.ticket()) == (TicketKind.CALLBACK, "")
    _reply(walk, case.number, "您好,我来答")
    assert walk.say("好") == ()
    walk.say("结束")
    assert [c.number for c in _open(walk)] == [case.number]


def test_a_number_given_for_the_call_is_in_the_ticket() -> None:
    walk = Walk()
    walk.all("宜昌补贴多少钱", "要", "13900001234")
    assert _open(walk)[0].subject == "宜昌补贴多少钱 13900001234"


def test_who_is_registered_is_not_asked_for_a_number() -> None:
    walk = registered("宜昌补贴多少钱", "要")
    assert "编号" in walk.said()


def test_the_form_waits_and_goes_on() -> None:
    walk = Walk()
    walk.all(*REGISTERED[:7], "人工", "在吗", "结束")
    assert "第4题" in walk.said()


def test_fraud_is_answered_although_a_human_is_there() -> None:
    walk = registered("转人工", "有人收500块帮我办补贴")
    assert "骗子" in walk.said()
    assert walk.ticket() != ""
    assert [case.is_flagged for case in _open(walk)] == [True]


@pytest.mark.parametrize("said", ["不想活了", "老公打我", "我被骗了"])
def test_danger_in_a_talk_with_staff_is_flagged_there(said: str) -> None:
    walk = registered("不想活了", "转人工", said)
    number = walk.ticket()
    assert _show(walk, number).is_flagged
    assert said in [line.text for line in _show(walk, number).lines]


def test_staff_learn_of_danger_although_the_person_deletes_all() -> None:
    walk = registered("转人工", "不想活了", "删除", "删除", "1234")
    (case,) = _open(walk)
    assert (case.is_flagged, case.subject, case.lines) == (True, "", ())
    _close(walk, case.number)
    assert _open(walk) == []


def test_who_goes_back_to_the_bot_still_gets_the_answer_of_who_took_the_talk() -> None:
    walk = registered("转人工")
    number = walk.ticket()
    _reply(walk, number, "在的")
    walk.all("几点上班", "返回")
    assert walk.ticket() == ""
    _reply(walk, number, "八点半")
    assert sent_to(walk.store, "42")[-1] == "小刘：八点半"


def test_the_way_back_is_told_again_now_and_then() -> None:
    walk = registered("转人工")
    told = [bool(walk.say(f"第{n}件事是这样的")) for n in range(8)]
    assert told == [False, False, False, True, False, False, False, True]
    walk.wait(hours=1)
    assert "结束" in walk.say("还在吗您")[0].text


@pytest.mark.parametrize("said", ["首页", "我的信息", "帮助", "更多"])
def test_our_own_words_are_not_left_without_an_answer(said: str) -> None:
    assert "结束" in registered("转人工", said).said()


@pytest.mark.parametrize("kind", [InboundKind.VOICE, InboundKind.PICTURE, InboundKind.OTHER])
def test_who_sends_what_staff_cannot_see_is_told_so_once(kind: InboundKind) -> None:
    walk = registered("转人工")
    assert "没法转给工作人员" in walk.say("", kind)[0].text
    assert walk.say("", kind) == ()
    walk.wait(minutes=2)
    assert "没法转给工作人员" in walk.say("", kind)[0].text
    (case,) = _open(walk)
    shown = [line.text for line in _show(walk, case.number).lines]
    assert shown.count("（发来语音、图片或文件，这里看不到）") == 3


def test_a_complaint_gets_a_receipt() -> None:
    walk = Walk()
    walk.all("投诉", "窗口的人爱答不理")
    (case,) = _open(walk)
    assert (case.kind, case.subject, case.working_days) == (
        TicketKind.COMPLAINT,
        "窗口的人爱答不理",
        3,
    )
    assert case.number in walk.said()


@pytest.mark.parametrize("said", ["我要投诉 窗口让我跑了三趟", "投诉窗口态度差"])
def test_a_complaint_that_says_it_all_gets_one_at_once(said: str) -> None:
    walk = Walk()
    walk.say(said)
    (case,) = _open(walk)
    assert (case.kind, case.subject) == (TicketKind.COMPLAINT, said)


def test_what_staff_reads_and_does_is_in_the_trail() -> None:
    walk = registered("转人工")
    number = walk.ticket()
    walk.store.run(lambda s: desk_acts.take(s, number, clerk=CLERK, now=walk.now))
    _show(walk, number)
    _close(walk, number)
    acts = [(row.act, row.actor) for row in walk.store.run(lambda s: audit.of(s, number))]
    assert acts == [
        ("ticket.opened", "person"),
        ("ticket.taken", "staff:liu"),
        ("ticket.read", "staff:liu"),
        ("ticket.closed", "staff:liu"),
    ]


@pytest.mark.parametrize("number", ["XXXXXX", ""])
def test_an_unknown_ticket_is_refused(number: str) -> None:
    with pytest.raises(NoSuchTicket):
        _reply(Walk(), number, "您好")


def test_a_closed_or_deleted_ticket_is_refused() -> None:
    walk = registered("转人工")
    number = walk.ticket()
    walk.all("删除", "1234")
    with pytest.raises(NoSuchTicket):
        _reply(walk, number, "您好")


@pytest.mark.parametrize(
    ("area", "count"), [("430300", 1), ("430381", 1), ("430000", 1), ("371703", 0)]
)
def test_an_area_sees_its_own_tickets(area: str, count: int) -> None:
    walk = registered("转人工")
    vault = walk.store.vault
    found = walk.store.run(lambda s: desk.list_open(s, vault, areas=[area]))
    assert len(found) == count


def test_staff_reads_what_was_typed_in_full() -> None:
    walk = registered("转人工")
    long = "孩子上学😀" + "很急" * 600
    walk.say(long)
    assert _show(walk, walk.ticket()).lines[-1].text == long
