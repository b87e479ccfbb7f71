"""Whom we may write to unasked, and queueing one message for many of them (domain P-10, M-01)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Join,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    union,
    update,
)
from sqlmodel import Session

from records.account_links import AccountLink
from records.consents import PUSH, Consent
from records.conversations import Conversation
from records.dialect import insert
from records.messages import Priority
from records.outbox import OutboxRow, OutboxState
from records.people import Person, Status
from records.stops import PushStop
from records.types import UtcDateTime

_PEOPLE, _TALKS = Person.__table__, Conversation.__table__  # type: ignore[attr-defined]
_CONSENTS, _STOPS = Consent.__table__, PushStop.__table__  # type: ignore[attr-defined]
_OUTBOX = OutboxRow.__table__  # type: ignore[attr-defined]
_LINKS = AccountLink.__table__  # type: ignore[attr-defined]
_COUNTED = (
    _OUTBOX.c.priority == Priority.BULK.value,
    _OUTBOX.c.state.not_in((OutboxState.FAILED.value, OutboxState.STOPPED.value)),
)
_TOGETHER: Join = _PEOPLE.join(_TALKS, _TALKS.c.key == _PEOPLE.c.account)


@dataclass(frozen=True, slots=True)
class Cap:
    """Who was written to unasked `most` times since a moment is written to at `due` instead.

    `kind` is how the keys of the messages begin that count; "" for all.
    """

    since: datetime
    most: int
    due: datetime
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Push:
    """One message for many; `key` and the person's id make each of them known."""

    key: str
    payload: bytes
    due: datetime
    caps: tuple[Cap, ...] = ()  # the latest `due` first


@dataclass(frozen=True, slots=True)
class Pushed:
    """One message that somebody was written unasked."""

    account: str
    key: str
    at: datetime


def areas(session: Session) -> list[str]:
    """The places that registered people come from."""
    return list(session.execute(select(_PEOPLE.c.area).distinct()).scalars())


def whom(
    session: Session,
    register: Join,
    wanted: ColumnElement[bool],
    *,
    places: Sequence[str],
    lacks: str = "",
    now: datetime,
) -> list[str]:
    """The ids of those from these places who are as `wanted`, and who may be told.

    `register` is the people with what `wanted` looks at. `lacks` names what they must have said
    that they lack, where only they may be offered it.
    """
    mine = [_PEOPLE.c.area.in_(places), wanted]
    if lacks:
        said = _PEOPLE.c.codes["lacks"].as_string()
        mine.append(said.contains(f'"{lacks}"', autoescape=True))
    here = (
        select(_PEOPLE.c.id)
        .select_from(register.join(_TALKS, _TALKS.c.key == _PEOPLE.c.account))
        .where(*mine, *_may_be_told(now))
    )
    # Who has several accounts may be reached by another, which is found when it is queued.
    anywhere = (
        select(_PEOPLE.c.id)
        .select_from(register)
        .where(*mine, *_wants(now), _PEOPLE.c.id.in_(select(_LINKS.c.person_id)))
    )
    return sorted(session.execute(union(here, anywhere)).scalars())


def wanting(session: Session, ids: Sequence[str], now: datetime) -> set[str]:
    """Those of these people who want to be told, whatever their accounts."""
    query = select(_PEOPLE.c.id).where(_PEOPLE.c.id.in_(ids), *_wants(now))
    return set(session.execute(query).scalars())


def confirmed(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """Those of these people who are registered by themselves, with the account they did it on."""
    is_theirs = (_PEOPLE.c.status == Status.CONFIRMED.value, _PEOPLE.c.account != "")
    query = select(_PEOPLE.c.id, _PEOPLE.c.account).where(_PEOPLE.c.id.in_(ids), *is_theirs)
    return {row.id: row.account for row in session.execute(query)}


def pushed_to(session: Session, accounts: Sequence[str], push: Push) -> list[Pushed]:
    """What was written unasked to these accounts within the time that the push's caps count."""
    if not (accounts and push.caps):
        return []
    query = select(_OUTBOX.c.conversation, _OUTBOX.c.dedupe_key, _OUTBOX.c.created_at).where(
        _OUTBOX.c.conversation.in_(accounts),
        _OUTBOX.c.created_at >= min(cap.since for cap in push.caps),
        *_COUNTED,
    )
    return [Pushed(*row) for row in session.execute(query)]


def due_of(push: Push, before: Sequence[Pushed]) -> datetime:
    """At once, or on the day on which one more is not too many for somebody."""
    for cap in push.caps:
        counted = [p for p in before if p.at >= cap.since and p.key.startswith(cap.kind)]
        if len(counted) >= cap.most:
            return cap.due
    return push.due


def queue(session: Session, ids: Sequence[str], push: Push, now: datetime) -> int:
    """Queue a push for these people, who may have stopped pushes meanwhile; for how many it was.

    Whoever has it already does not get it again.
    """
    due = _due(push)
    values: dict[str, Any] = {
        "channel": _TALKS.c.channel,
        "chat": _TALKS.c.chat,
        "conversation": _TALKS.c.key,
        "dedupe_key": literal(f"{push.key}/") + _PEOPLE.c.id,
        "payload": literal(push.payload),
        "priority": literal(Priority.BULK.value),
        "state": literal(OutboxState.QUEUED.value),
        "due": due,
        "attempts": literal(0),
        "claimed_by": literal(""),
        "failure": literal(""),
        "outer_id": literal(""),
        "created_at": due,  # what waits for its day counts on its day
    }
    rows = select(*values.values()).select_from(_TOGETHER)
    rows = rows.where(_PEOPLE.c.id.in_(ids), *_may_be_told(now))
    into = insert(session, _OUTBOX).from_select(list(values), rows)
    once = into.on_conflict_do_nothing()
    return int(session.connection().execute(once).rowcount)


def drop(session: Session, key: str, at: datetime) -> None:
    """What of a push still waits is not written."""
    is_of_it = _OUTBOX.c.dedupe_key.startswith(f"{key}/", autoescape=True)
    stopped = {"state": OutboxState.STOPPED.value, "settled_at": at}
    for waits in ("state = 'queued'", "state = 'held'"):  # spelled out: their indexes are used
        session.execute(update(_OUTBOX).where(is_of_it, text(waits)).values(**stopped))


def _due(push: Push) -> ColumnElement[datetime]:
    """At once, or on the day on which one more is not too many."""
    at_once = literal(push.due, UtcDateTime)
    cases = [(_pushed(cap) >= cap.most, literal(cap.due, UtcDateTime)) for cap in push.caps]
    return case(*cases, else_=at_once) if cases else at_once


def _pushed(cap: Cap) -> ColumnElement[int]:
    counted = select(func.count()).where(
        _OUTBOX.c.conversation == _TALKS.c.key,
        _OUTBOX.c.created_at >= cap.since,
        _OUTBOX.c.dedupe_key.startswith(cap.kind, autoescape=True),
        *_COUNTED,
    )
    return counted.correlate(_TALKS).scalar_subquery()


def _may_be_told(now: datetime) -> list[ColumnElement[bool]]:
    """Who wants to be, reachable, alone on the account (P-30)."""
    other = _PEOPLE.alias("other")
    shared = exists().where(other.c.account == _PEOPLE.c.account, other.c.id != _PEOPLE.c.id)
    guests = exists().where(
        _LINKS.c.account == _PEOPLE.c.account,
        _LINKS.c.person_id.not_in(("", _PEOPLE.c.id)),
    )
    return [
        *_wants(now),
        _TALKS.c.unreachable == "",
        _TALKS.c.is_group.is_(False),
        _TALKS.c.forget_at.is_(None),
        ~shared,
        ~guests,
        ~_is_stopped(_PEOPLE.c.account, now),
    ]


def _wants(now: datetime) -> list[ColumnElement[bool]]:
    """Registered, agreed to pushes and to be looked at, and has not stopped them for the phone."""
    agreed = exists().where(
        _CONSENTS.c.person_id == _PEOPLE.c.id,
        _CONSENTS.c.kind == PUSH,
        _CONSENTS.c.given.is_(True),
        _CONSENTS.c.ended_at.is_(None),
    )
    return [
        _PEOPLE.c.status == Status.CONFIRMED.value,
        _PEOPLE.c.is_personal.is_(True),
        agreed,
        ~_is_stopped(_PEOPLE.c.phone_print, now),
    ]


def _is_stopped(target: ColumnElement[str], now: datetime) -> ColumnElement[bool]:
    holds = or_(_STOPS.c.until.is_(None), _STOPS.c.until > now)
    return exists().where(_STOPS.c.target == target, holds)
