"""What staff are told of an answer is what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from outreach.reach import Lines
from records import account_links, send_budgets, tickets
from records.account_links import Link, Proof
from records.database import Session
from records.send_budgets import Allowance, Closing
from tests.handlers.support.walk import Walk, sent_to

WECHAT = Lines(allowances={"wecom_kf": Allowance(5, timedelta(hours=48), 1)})
WEB = "webchat:w1"


@dataclass
class Desk:
    """Somebody in WeChat who wants a human, and who answers."""

    worker: Walk
    clerk: Walk
    number: str

    def answers(self) -> str:
        return self.clerk.say(f"回 {self.number} 在吗")[0].text


@pytest.fixture
def desk() -> Desk:
    worker = Walk(channel="wecom_kf", chat="wk1/wm1")
    worker.store.run(lambda s: send_budgets.reopen(s, {worker.account: worker.now}, {}))
    worker.say("人工")
    clerk = Walk(store=worker.store, chat="clerk", now=worker.now, lines=WECHAT)
    clerk.serve("小刘")
    return Desk(worker, clerk, worker.ticket())


def test_what_may_go_is_said_to_have_gone(desk: Desk) -> None:
    desk.worker.store.run(lambda s: send_budgets.take(s, desk.worker.account, 4))
    assert desk.answers().startswith("发过去了")


@pytest.mark.parametrize(("hours", "used"), [(49, 0), (1, 5)], ids=["expired", "used up"])
def test_what_must_wait_is_said_to_wait(desk: Desk, hours: int, used: int) -> None:
    desk.worker.store.run(lambda s: send_budgets.take(s, desk.worker.account, used))
    desk.clerk.wait(hours=hours)
    assert "发不到他手里" in desk.clerk.say(f"看 {desk.number}")[0].text
    assert desk.answers().startswith("存下了，还没到他手里")
    assert sent_to(desk.worker.store, desk.worker.chat) == ["工作人员小刘：在吗"]
    assert "下次说话再告诉他" in desk.clerk.say(f"完 {desk.number}")[0].text


def test_another_channel_is_named_and_answers_from_there_come_here(desk: Desk) -> None:
    desk.worker.store.run(lambda s: _link(s, desk.worker))
    desk.clerk.wait(hours=49)
    assert "从网页发" in desk.clerk.say(f"看 {desk.number}")[0].text
    assert "从网页发过去了" in desk.answers()
    web = Walk(store=desk.worker.store, chat="w1", channel="webchat", now=desk.clerk.now)
    web.say("花桥村的")
    assert "花桥村的" in sent_to(desk.worker.store, "clerk")[-1]


def test_whom_nothing_reaches_is_not_answered(desk: Desk) -> None:
    why = Closing.REFUSED
    desk.worker.store.run(lambda s: send_budgets.close(s, desk.worker.account, why))
    assert "收不到我们的消息了" in desk.clerk.say(f"看 {desk.number}")[0].text
    for words in (desk.answers(), desk.clerk.say(f"回 {desk.number}")[0].text):
        assert words.startswith("没有发")
    assert "没告诉他" in desk.clerk.say(f"完 {desk.number}")[0].text
    assert sent_to(desk.worker.store, desk.worker.chat) == []
    vault = desk.worker.store.vault
    lines = desk.worker.store.run(lambda s: tickets.lines_of(s, vault, desk.number))
    assert "在吗" not in [line.text for line in lines]


def _link(session: Session, worker: Walk) -> None:
    link = Link(WEB, "", worker.account, Proof.CODE, worker.now)
    account_links.link(session, link)
