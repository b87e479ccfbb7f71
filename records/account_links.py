"""Accounts on several channels that belong to one person: linked after proof, never by guess."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    bindparam,
    case,
    delete,
    or_,
    select,
    update,
)
from sqlmodel import Field, Session, SQLModel

from records.conversations import Overtaken
from records.dialect import insert, insert_or_ignore
from records.types import UtcDateTime

CODE_LIFE = timedelta(minutes=10)
PENDING_LIFE = timedelta(days=30)  # as long as an unfinished form is kept


class Proof(StrEnum):
    """How it was shown that two accounts are one person's."""

    CODE = "code"  # shown on one, typed on the other
    PHONE = "phone"  # the end of the number, with the name


class AccountLink(SQLModel, table=True):
    """An account that also speaks for a person who is registered under another, its `home`.

    `person_id` is "" while nobody is registered on either: whoever registers first is meant.
    """

    __tablename__ = "account_link"

    account: str = Field(primary_key=True, max_length=200)
    person_id: str = Field(primary_key=True, max_length=24, index=True)
    home: str = Field(max_length=200, index=True)
    proof: str = Field(max_length=12)
    linked_at: datetime = Field(sa_type=UtcDateTime)


class LinkCode(SQLModel, table=True):
    """A short code shown on one account and typed on another; only its fingerprint is kept."""

    __tablename__ = "link_code"

    code_print: str = Field(primary_key=True, max_length=64)
    home: str = Field(max_length=200, index=True)
    person_id: str = Field(default="", max_length=24, index=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class LinkTry(SQLModel, table=True):
    """Failed proofs of one account, or of one name from whatever accounts."""

    __tablename__ = "link_try"

    who: str = Field(primary_key=True, max_length=200)
    failed: int = 0
    since: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Link:
    """A link as a turn knows it."""

    account: str
    person_id: str
    home: str
    proof: Proof
    linked_at: datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """What a code stands for: the account that it was shown on, and whom of it."""

    home: str
    person_id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Patience:
    """After `most` failed tries nothing more is believed for `lasts`."""

    most: int
    lasts: timedelta


ACCOUNT = Patience(5, timedelta(hours=1))
# Accounts cost nothing: who is guessed at is counted too, and codes as a whole.
NAME = Patience(10, timedelta(days=1))
CODES = Patience(100, timedelta(minutes=10))
ALL_CODES = "codes"

_LINKS = AccountLink.__table__  # type: ignore[attr-defined]
_CODES = LinkCode.__table__  # type: ignore[attr-defined]
_TRIES = LinkTry.__table__  # type: ignore[attr-defined]
_COLUMNS = [_LINKS.c[field.name] for field in fields(Link)]
_KEYS: BindParameter[list[str]] = bindparam("keys", expanding=True)
# Every turn asks it: built once.
_TOUCHING = select(*_COLUMNS).where(or_(_LINKS.c.account.in_(_KEYS), _LINKS.c.home.in_(_KEYS)))


def of(session: Session, accounts: Sequence[str]) -> list[Link]:
    """The links of these accounts, and the other links of the people whom they speak for."""
    rows = session.connection().execute(_TOUCHING, {"keys": list(accounts)})
    direct = [_opened(row) for row in rows]
    if not direct:
        return []
    ids = {link.person_id for link in direct} - {""}
    homes = {link.home for link in direct if not link.person_id}
    same = or_(_LINKS.c.person_id.in_(ids), (_LINKS.c.person_id == "") & _LINKS.c.home.in_(homes))
    return _links(session, same)


def connected(session: Session, account: str) -> list[str]:
    """The other accounts of those whom this account speaks for."""
    both = (name for link in of(session, [account]) for name in (link.home, link.account))
    return [name for name in dict.fromkeys(both) if name != account]


def of_people(session: Session, person_ids: Sequence[str]) -> list[Link]:
    """The links of these people."""
    return _links(session, _LINKS.c.person_id.in_(person_ids))


def link(session: Session, new: Link) -> None:
    """From now on the account speaks for the person too; a stronger proof replaces a weaker."""
    statement = insert(session, _LINKS)
    proposed = statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=["account", "person_id"],
        set_={name: proposed[name] for name in ("home", "proof", "linked_at")},
        where=or_(_LINKS.c.person_id == "", _LINKS.c.proof == Proof.PHONE.value),
    )
    row = {field.name: getattr(new, field.name) for field in fields(Link)}
    session.connection().execute(statement, [{**row, "proof": new.proof.value}])


def settle(session: Session, account: str, person_id: str) -> None:
    """Somebody registered here: the accounts that waited for that speak for them too."""
    waits = or_(_LINKS.c.account == account, _LINKS.c.home == account)
    for one in _links(session, (_LINKS.c.person_id == "") & waits):
        other = one.home if one.account == account else one.account
        link(session, Link(other, person_id, account, one.proof, one.linked_at))
    session.execute(delete(_LINKS).where(_LINKS.c.person_id == "", waits))
    # A code for nobody yet must not come to stand for who has just registered.
    shown = _CODES.c.home == account
    session.execute(delete(_CODES).where(shown, _CODES.c.person_id == ""))


def unlink(session: Session, account: str, person_id: str) -> None:
    """The account does not speak for the person any more."""
    mine = _LINKS.c.account == account
    session.execute(delete(_LINKS).where(mine, _LINKS.c.person_id == person_id))
    shown = _CODES.c.home == account
    session.execute(delete(_CODES).where(shown, _CODES.c.person_id == person_id))


def move_home(session: Session, person_id: str, home: str) -> None:
    """The person is registered under another of their accounts; the rest is linked to that."""
    unlink(session, home, person_id)
    mine = _LINKS.c.person_id == person_id
    session.execute(update(_LINKS).where(mine).values(home=home))


def hand_on(session: Session, gone: str, kept: str, home: str) -> None:
    """Two records became one: the accounts of the first speak for the second."""
    for one in _links(session, _LINKS.c.person_id == gone):
        if one.account != home:
            link(session, Link(one.account, kept, home, one.proof, one.linked_at))
    session.execute(delete(_LINKS).where(_LINKS.c.person_id == gone))


def show(session: Session, code_print: str, new: Offer, now: datetime) -> None:
    """Keep a new code; the former one of the same is void. Overtaken if it is another's."""
    mine = (_CODES.c.home == new.home) & (_CODES.c.person_id == new.person_id)
    session.execute(delete(_CODES).where(or_(mine, _CODES.c.expires_at <= now)))
    statement = insert(session, _CODES).on_conflict_do_nothing(index_elements=["code_print"])
    row = {field.name: getattr(new, field.name) for field in fields(Offer)}
    if session.connection().execute(statement, [{**row, "code_print": code_print}]).rowcount != 1:
        raise Overtaken


def offers(session: Session, code_prints: Sequence[str]) -> dict[str, Offer]:
    """What these codes stand for, also those whose time is over."""
    query = select(_CODES.c.code_print, *(_CODES.c[field.name] for field in fields(Offer)))
    rows = session.execute(query.where(_CODES.c.code_print.in_(code_prints)))
    return {row[0]: Offer(*row[1:]) for row in rows}


def redeem(session: Session, code_print: str, now: datetime) -> None:
    """The code was used. Overtaken if somebody else used it meanwhile."""
    live = (_CODES.c.code_print == code_print) & (_CODES.c.expires_at > now)
    if session.connection().execute(delete(_CODES).where(live)).rowcount != 1:
        raise Overtaken


def fail(
    session: Session, tries: Mapping[str, Patience], now: datetime, *, count: int = 1
) -> None:
    """Somebody could not prove it; a pause that has begun is not made longer."""
    for who, patience in sorted(tries.items()):
        statement = insert(session, _TRIES)
        is_over = _TRIES.c.since <= now - patience.lasts
        statement = statement.on_conflict_do_update(
            index_elements=["who"],
            set_={
                "failed": case((is_over, count), else_=_TRIES.c.failed + count),
                "since": case((is_over, statement.excluded.since), else_=_TRIES.c.since),
            },
        )
        row = {"who": who, "failed": count, "since": now}
        session.connection().execute(statement, [row])


def paused(session: Session, tries: Mapping[str, Patience], now: datetime) -> set[str]:
    """Those who must wait before anything more is believed."""
    query = select(_TRIES.c.who, _TRIES.c.failed, _TRIES.c.since)
    rows = session.execute(query.where(_TRIES.c.who.in_(list(tries))))
    return {
        who
        for who, failed, since in rows
        if failed >= tries[who].most and now - since < tries[who].lasts
    }


def still_believed(session: Session, tries: Mapping[str, Patience], now: datetime) -> None:
    """Overtaken where a pause began since the turn looked, in this process or in another.

    Nobody else counts or is believed until the transaction is over: of many proofs at once no more
    are answered than of one after another.
    """
    held = select(_TRIES.c.who).where(_TRIES.c.who.in_(list(tries))).order_by(_TRIES.c.who)
    while len(session.execute(held.with_for_update()).all()) < len(tries):
        # There was none yet, or whom we waited for has just taken it away.
        rows = [{"who": who, "failed": 0, "since": now} for who in sorted(tries)]
        session.connection().execute(insert_or_ignore(session, _TRIES, ["who"]), rows)
    if paused(session, tries, now):
        raise Overtaken


def forget_untried(session: Session, tries: Mapping[str, Patience]) -> None:
    """Nothing is kept of those who were only held (`still_believed`)."""
    is_unused = _TRIES.c.who.in_(list(tries)) & (_TRIES.c.failed == 0)
    session.execute(delete(_TRIES).where(is_unused))


def forgive(session: Session, account: str) -> None:
    """The account proved it after all."""
    session.execute(delete(_TRIES).where(_TRIES.c.who == account))


def accounts_of(session: Session, person_id: str) -> list[str]:
    """The accounts that speak for a person, beside the one that they are registered under."""
    return [one.account for one in of_people(session, [person_id])]


def erase_account(session: Session, account: str) -> None:
    """Nothing is known of what this account was linked to, showed or tried."""
    waits = (_LINKS.c.home == account) & (_LINKS.c.person_id == "")
    session.execute(delete(_LINKS).where(or_(_LINKS.c.account == account, waits)))
    session.execute(delete(_CODES).where(_CODES.c.home == account))
    forgive(session, account)


def prune(session: Session, now: datetime) -> int:
    """Remove codes and tries whose time is over, and links that nobody registered for."""
    old = (
        delete(_CODES).where(_CODES.c.expires_at <= now),
        delete(_TRIES).where(_TRIES.c.since <= now - NAME.lasts),
        delete(_LINKS).where(_LINKS.c.person_id == "", _LINKS.c.linked_at <= now - PENDING_LIFE),
    )
    return sum(int(session.connection().execute(each).rowcount) for each in old)


def _links(session: Session, which: ColumnElement[bool]) -> list[Link]:
    query = select(*_COLUMNS).where(which)
    rows = session.connection().execute(query.order_by(_LINKS.c.linked_at, _LINKS.c.account))
    return [_opened(row) for row in rows]


def _opened(row: Row[Any]) -> Link:
    return Link(row.account, row.person_id, row.home, Proof(row.proof), row.linked_at)
