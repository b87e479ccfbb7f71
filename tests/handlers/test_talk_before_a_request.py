"""What staff read of the talk that led to a request: in order, and only what was said."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import col, select

from handlers import requests
from records import inbound, outbox, tickets
from records.database import Session
from records.inbound import NewInbound
from records.messages import InboundKind
from records.outbox import NewOutgoing, OutboxRow, OutboxState
from records.tickets import NewTicket, TicketKind
from tests.handlers.support.walk import Walk

HERE = "wecom_kf:wk/wm"


def _hear(session: Session, walk: Walk, kind: InboundKind, text: str) -> None:
    """As WeCom has it: its clock runs two seconds ahead of ours."""
    payload = walk.store.vault.seal({"kind": kind.value, "text": text})
    ahead = walk.now + timedelta(seconds=2)
    row = NewInbound("wecom_kf", f"{kind}{text}", HERE, 0, payload, ahead, walk.now)
    inbound.store(session, [row])


def _say(session: Session, walk: Walk, text: str) -> None:
    payload = outbox.sealed_content(walk.store.vault, text)
    outbox.enqueue(session, [NewOutgoing("wecom_kf", "wk/wm", text, payload, walk.now, 0)])
    row = session.execute(select(OutboxRow).where(col(OutboxRow.dedupe_key) == text)).scalar_one()
    row.state, row.settled_at = OutboxState.SENT.value, walk.now
    session.flush()


def test_staff_read_the_talk_in_order_and_no_code_that_nobody_said() -> None:
    walk, lines = Walk(), ["在吗", "在的", "人工"]

    def work(session: Session) -> list[str]:
        _hear(session, walk, InboundKind.START, "371703")
        _hear(session, walk, InboundKind.TEXT, lines[0])
        walk.wait(seconds=1)
        _say(session, walk, lines[1])
        walk.wait(seconds=1)
        _hear(session, walk, InboundKind.TEXT, lines[2])
        new = NewTicket("G7K2M4", TicketKind.TALK, "人工")
        vault = walk.store.vault
        requests.open_ticket(session, vault, new, conversation=HERE, robot="", now=walk.now)
        return [line.text for line in tickets.lines_of(session, vault, "G7K2M4")]

    assert walk.store.run(work) == lines
