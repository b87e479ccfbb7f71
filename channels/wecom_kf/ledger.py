"""What a page of messages changes in our books: counts, failures, hand-overs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from channels.wecom_kf.parse import KIND, Entered, Handed, Item, NotArrived
from records import conversations, outbox, rationing, send_budgets
from records.database import Session
from records.messages import NOTICES, Inbound
from records.send_budgets import Allowance, Closing

# 5 messages within 48 hours of the customer's last (developer.work.weixin.qq.com, page 94677); a
# minute less, for what is on its way when they end.
ALLOWANCE = Allowance(messages=5, lasts=timedelta(hours=48, minutes=-1), reserve=1)

_OURS = re.compile(r"g(\d{1,18})(?:-\d+)?")
_OVER, _LATE, _CLOSED, _REFUSED = 6, 4, 5, 10  # fail types that say more than "failed"
_FOR_NOW = {_OVER, _LATE, _CLOSED}
_WORDS = {
    0: "unknown",
    1: "account_deleted",
    2: "app_closed",
    _LATE: "expired",
    _CLOSED: "session_closed",
    _OVER: "used_up",
    8: "corp_unverified",
    _REFUSED: "refused_by_person",
    11: "no_member_logged_in",
    12: "type_forbidden",
}


def msgid_of(row_id: int, part: int = 0) -> str:
    """Our id of a message there: the same for each repetition (at most 32 of 0-9 a-z A-Z _ -)."""
    return f"g{row_id}-{part}" if part else f"g{row_id}"


def row_of(msgid: str) -> int | None:
    """The message that an id of ours stands for."""
    found = _OURS.fullmatch(msgid)
    return int(found[1]) if found else None


def enter(session: Session, items: Sequence[Item], now: datetime) -> None:
    """Take down what a page says, before what people said in it is stored."""
    spoke = _spoke(items)
    rationing.heard(session, spoke, now)
    for item in items:
        match item:
            case Entered():
                _let_through(session, item)
            case NotArrived():
                _note_failure(session, item, now)
            case Handed():
                _note_hand(session, item, spoke, now)


def _spoke(items: Sequence[Item]) -> dict[str, datetime]:
    """When each customer of a page last wrote."""
    spoke: dict[str, datetime] = {}
    for item in items:
        if isinstance(item, Inbound) and item.kind not in NOTICES:
            last = spoke.get(item.conversation, item.sent_at)
            spoke[item.conversation] = max(last, item.sent_at)
    return spoke


def _note_failure(session: Session, item: NotArrived, now: datetime) -> None:
    key = f"{KIND}:{item.chat}"
    if item.fail_type == _OVER:
        send_budgets.use_up(session, key, ALLOWANCE)
    elif item.fail_type in (_LATE, _CLOSED):
        send_budgets.close(session, key, Closing.ENDED)
    elif item.fail_type == _REFUSED:
        send_budgets.close(session, key, Closing.REFUSED)
        outbox.end_address(session, key, "blocked_by_person", now)
        conversations.mark_reach(session, key, "blocked_by_person")
    row = row_of(item.msgid)
    if row is not None:
        word = _WORDS.get(item.fail_type, "unknown")
        is_for_now = item.fail_type in _FOR_NOW
        rationing.bounced(session, row, is_for_now=is_for_now, word=word, at=now)


def _note_hand(
    session: Session, item: Handed, spoke: Mapping[str, datetime], now: datetime
) -> None:
    key = f"{KIND}:{item.chat}"
    if item.servicer:
        send_budgets.close(session, key, Closing.HANDED_OVER, servicer=item.servicer)
        return
    if key in spoke and spoke[key] > item.notice.sent_at:  # the talk is ours already
        rationing.handed_back(session, key, now)
        return
    send_budgets.close(session, key, Closing.ENDED)  # until they write
    _let_through(session, item)


def _let_through(session: Session, item: Entered | Handed) -> None:
    if item.code:
        key = f"{KIND}:{item.chat}"
        send_budgets.let_through(session, key, item.code, until=item.until)
