"""How staff come into the console: passwords, second factors, one-time links, sessions, tries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import Column, LargeBinary, delete, func, select, text, update
from sqlmodel import Field, Session, SQLModel

from records import audit
from records.dialect import insert_or_ignore
from records.types import BigId, UtcDateTime
from records.vault import Vault

LINK_LIFE = timedelta(hours=24)
CODE_LIFE = timedelta(minutes=10)
IDLE = timedelta(hours=2)  # without a click
WHOLE_DAY = timedelta(hours=12)  # a session at most
FRESH = timedelta(minutes=15)  # since the last proof, for what needs one
_LOCK_AFTER, _LOCKED = 5, timedelta(minutes=15)
_WINDOW, _MOST_FAILURES = timedelta(minutes=15), 30  # from one place
_CODE_TRIES = 5
_COUNTING = 7_215_013  # of PostgreSQL's locks the one by which tries are counted one by one
_TOTP = "totp"


class ConsoleLogin(SQLModel, table=True):
    """How one of the staff proves who they are."""

    __tablename__ = "console_login"

    name: str = Field(primary_key=True, max_length=40)
    password_hash: str = Field(default="", max_length=200)  # argon2id, with its parameters
    sealed: bytes | None = Field(  # the secret of the app that shows codes
        default=None, sa_column=Column(LargeBinary, nullable=True)
    )
    last_step: int = 0  # of the newest code that was used: none is good twice
    failed: int = 0
    locked_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)


class ConsoleSession(SQLModel, table=True):
    """A browser that is signed in, or half-way: only the token's fingerprint is kept."""

    __tablename__ = "console_session"

    token_print: str = Field(primary_key=True, max_length=64)
    name: str = Field(max_length=40, index=True)
    is_whole: bool = False  # False: the second factor is still wanted
    code_print: str = Field(default="", max_length=64)  # of a code sent to their chat
    code_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    tries: int = 0
    began: datetime = Field(sa_type=UtcDateTime)
    seen: datetime = Field(sa_type=UtcDateTime)
    proved: datetime = Field(sa_type=UtcDateTime)
    browser: str = Field(default="", max_length=40)  # in words, for who asks where they are in

    @property
    def mark(self) -> str:
        """Names it among its owner's on a page; signs nobody in."""
        return self.token_print[:12]


class ConsoleLink(SQLModel, table=True):
    """A link that signs in once; only its code's fingerprint is kept."""

    __tablename__ = "console_link"

    code_print: str = Field(primary_key=True, max_length=64)
    name: str = Field(max_length=40, index=True)
    until: datetime = Field(sa_type=UtcDateTime)


class SignInTry(SQLModel, table=True):
    """A try that failed, by the fingerprint of where it came from."""

    __tablename__ = "sign_in_try"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    source_print: str = Field(max_length=64, index=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)


class Stop(Enum):
    """Why no try is looked at."""

    NAME = "name"  # somebody was guessed at too often, from wherever
    PLACE = "place"  # too many failed from here, for whomever


@dataclass(frozen=True, slots=True)
class Try:
    """A try that is counted, by its number; or why it is not looked at."""

    stop: Stop | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session as a request may know it."""

    name: str
    is_whole: bool
    began: datetime
    seen: datetime
    proved: datetime
    has_code: bool = False

    def is_over(self, now: datetime) -> bool:
        return now - self.seen > IDLE or now - self.began > WHOLE_DAY

    def is_fresh(self, now: datetime) -> bool:
        """Whether who sits there has proved it lately."""
        return now - self.proved <= FRESH


_LOGINS = ConsoleLogin.__table__  # type: ignore[attr-defined]
_SESSIONS = ConsoleSession.__table__  # type: ignore[attr-defined]
_LINKS = ConsoleLink.__table__  # type: ignore[attr-defined]
_TRIES = SignInTry.__table__  # type: ignore[attr-defined]


def login_of(session: Session, name: str) -> ConsoleLogin | None:
    """How they sign in; None who never set anything."""
    return session.get(ConsoleLogin, name)


def is_anybody_set_up(session: Session) -> bool:
    """Whether anybody has set a password."""
    query = select(_LOGINS.c.name).where(_LOGINS.c.password_hash != "").limit(1)
    return session.execute(query).first() is not None


def set_password(session: Session, name: str, password_hash: str, *, at: datetime) -> None:
    """A new one; every other session of theirs is the caller's to end."""
    row = _login(session, name, at)
    row.password_hash, row.failed, row.locked_until, row.changed_at = password_hash, 0, None, at
    session.flush()
    audit.write(session, "console.password", at=at, actor=f"staff:{name}", subject=name)


def set_totp(session: Session, vault: Vault, name: str, secret: str, *, at: datetime) -> None:
    """The app that shows codes; "" takes it away."""
    row = _login(session, name, at)
    row.sealed = vault.seal({_TOTP: secret}) if secret else None
    row.last_step, row.changed_at = 0, at
    session.flush()
    act = "console.totp_set" if secret else "console.totp_removed"
    audit.write(session, act, at=at, actor=f"staff:{name}", subject=name)


def totp_of(vault: Vault, row: ConsoleLogin) -> str:
    """The secret of their app; "" without one."""
    return str(vault.open(row.sealed)[_TOTP]) if row.sealed else ""


def use_step(session: Session, name: str, step: int) -> bool:
    """Spend the code of a step; False where it, or a later one, was used before."""
    spend = update(_LOGINS).where(_LOGINS.c.name == name, _LOGINS.c.last_step < step)
    return bool(session.connection().execute(spend.values(last_step=step)).rowcount)


def begin_try(session: Session, source_print: str, name: str, at: datetime) -> Try:
    """Count a try before it is looked at: side by side, on however many machines, none is free.

    A wrong one is told to `note_failure`, a right one to `take_back`. What was begun and never
    told (a process died) counts as wrong.
    """
    _one_by_one(session)
    row = session.get(ConsoleLogin, name)
    if failures(session, source_print, at - _WINDOW) >= _MOST_FAILURES:
        return Try(Stop.PLACE)
    if row is not None and row.locked_until and row.locked_until > at:
        return Try(Stop.NAME)
    if row is not None and row.failed >= _LOCK_AFTER:  # as many are being looked at
        _lock(session, row, at)
        return Try(Stop.NAME)
    counted = SignInTry(source_print=source_print, at=at)
    session.add(counted)
    if row is not None:
        row.failed += 1
    session.flush()
    return Try(number=counted.id or 0)


def note_failure(session: Session, name: str, at: datetime) -> None:
    """A try that was begun was wrong."""
    _one_by_one(session)
    row = session.get(ConsoleLogin, name)
    if row is not None and row.failed >= _LOCK_AFTER:
        _lock(session, row, at)


def take_back(session: Session, tried: Try, name: str) -> None:
    """A try that was begun was right: it does not count."""
    _one_by_one(session)
    session.execute(delete(_TRIES).where(_TRIES.c.id == tried.number))
    mine = update(_LOGINS).where(_LOGINS.c.name == name, _LOGINS.c.failed > 0)
    session.execute(mine.values(failed=_LOGINS.c.failed - 1))


def _lock(session: Session, row: ConsoleLogin, at: datetime) -> None:
    row.failed, row.locked_until = 0, at + _LOCKED
    session.flush()
    audit.write(session, "console.locked", at=at, actor="system", subject=row.name)


def _one_by_one(session: Session) -> None:
    connection = session.connection()
    if connection.dialect.name != "sqlite":  # which has one writer
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _COUNTING})


def failures(session: Session, source_print: str, since: datetime) -> int:
    """How many tries from there failed since then, or are being looked at."""
    query = select(func.count()).where(_TRIES.c.source_print == source_print, _TRIES.c.at >= since)
    return int(session.execute(query).scalar_one())


def open_session(
    session: Session,
    token_print: str,
    name: str,
    *,
    is_whole: bool,
    at: datetime,
    browser: str = "",
) -> None:
    """A browser is signed in, or waits for its second factor."""
    row = ConsoleSession(
        token_print=token_print,
        name=name,
        is_whole=is_whole,
        began=at,
        seen=at,
        proved=at,
        browser=browser,
    )
    session.add(row)
    if is_whole and (login := session.get(ConsoleLogin, name)):
        login.failed, login.locked_until = 0, None
    session.flush()
    if is_whole:
        audit.write(session, "console.signed_in", at=at, actor=f"staff:{name}", subject=name)


def signed_in(session: Session, token_print: str) -> SignedIn | None:
    """Whose session it is."""
    row = session.get(ConsoleSession, token_print)
    if row is None:
        return None
    return SignedIn(row.name, row.is_whole, row.began, row.seen, row.proved, bool(row.code_print))


def touch(session: Session, token_print: str, at: datetime) -> None:
    """Somebody clicked."""
    session.execute(
        update(_SESSIONS).where(_SESSIONS.c.token_print == token_print).values(seen=at)
    )


def prove(session: Session, token_print: str, at: datetime) -> None:
    """Who sits there has shown once more who they are."""
    session.execute(
        update(_SESSIONS).where(_SESSIONS.c.token_print == token_print).values(proved=at)
    )


def sessions_of(session: Session, name: str) -> list[ConsoleSession]:
    """Where somebody is signed in, newest first."""
    query = select(ConsoleSession).where(_SESSIONS.c.name == name, _SESSIONS.c.is_whole.is_(True))
    return list(session.execute(query.order_by(_SESSIONS.c.began.desc())).scalars())


def end(session: Session, token_print: str) -> None:
    """Sign this browser out."""
    session.execute(delete(_SESSIONS).where(_SESSIONS.c.token_print == token_print))


def end_all(session: Session, name: str, *, but: str = "") -> int:
    """Sign every browser of theirs out, but this one; how many."""
    ending = delete(_SESSIONS).where(_SESSIONS.c.name == name, _SESSIONS.c.token_print != but)
    return int(session.connection().execute(ending).rowcount)


def end_marked(session: Session, name: str, mark: str) -> bool:
    """Sign one browser of theirs out; False where it is out already."""
    prints = [one.token_print for one in sessions_of(session, name) if one.mark == mark]
    for token_print in prints:
        end(session, token_print)
    return bool(prints)


def keep_code(session: Session, token_print: str, code_print: str, *, at: datetime) -> None:
    """A code was sent to their chat for this half-open session; an earlier one is void."""
    values = {"code_print": code_print, "code_until": at + CODE_LIFE, "tries": 0}
    session.execute(
        update(_SESSIONS).where(_SESSIONS.c.token_print == token_print).values(**values)
    )


def spend_code(session: Session, token_print: str, code_print: str, *, at: datetime) -> bool:
    """Whether it is the code that was sent, in time and before the fifth wrong one; good once."""
    row = session.get(ConsoleSession, token_print, with_for_update=True)
    if row is None or not row.code_print or row.code_until is None:
        return False
    row.tries += 1
    is_right = row.code_print == code_print and at < row.code_until and row.tries <= _CODE_TRIES
    if is_right or row.tries >= _CODE_TRIES:
        row.code_print, row.code_until = "", None
    session.flush()
    return is_right


def link_print(vault: Vault, code: str) -> str:
    """What is kept of a one-time link's code."""
    return vault.fingerprint(f"console link {code}")


def offer_link(
    session: Session,
    code_print: str,
    name: str,
    *,
    at: datetime,
    actor: str,
    life: timedelta = LINK_LIFE,
) -> None:
    """A link that signs in once, within a day; earlier ones of theirs are void."""
    session.execute(delete(_LINKS).where((_LINKS.c.name == name) | (_LINKS.c.until <= at)))
    row = {"code_print": code_print, "name": name, "until": at + life}
    session.execute(insert_or_ignore(session, _LINKS, ["code_print"]), row)
    audit.write(session, "console.link_given", at=at, actor=actor, subject=name)


def link_for(session: Session, code_print: str, at: datetime) -> str:
    """Whom a link would sign in; "" where it is not, or no more, good."""
    row = session.get(ConsoleLink, code_print)
    return row.name if row is not None and row.until > at else ""


def spend_link(session: Session, code_print: str, at: datetime) -> str:
    """The same, and it is good no more."""
    name = link_for(session, code_print, at)
    gone = session.connection().execute(delete(_LINKS).where(_LINKS.c.code_print == code_print))
    return name if gone.rowcount else ""


def forget(session: Session, name: str) -> None:
    """Somebody works here no more: nothing of theirs opens anything."""
    for table in (_SESSIONS, _LINKS, _LOGINS):
        session.execute(delete(table).where(table.c.name == name))


def prune(session: Session, now: datetime) -> int:
    """Sessions that are over, links and tries that are past; how many rows."""
    over = (_SESSIONS.c.seen < now - IDLE) | (_SESSIONS.c.began < now - WHOLE_DAY)
    gone = [
        delete(_SESSIONS).where(over),
        delete(_LINKS).where(_LINKS.c.until <= now),
        delete(_TRIES).where(_TRIES.c.at < now - timedelta(days=1)),
    ]
    return sum(int(session.connection().execute(one).rowcount) for one in gone)


def _login(session: Session, name: str, at: datetime) -> ConsoleLogin:
    row = session.get(ConsoleLogin, name)
    if row is None:
        row = ConsoleLogin(name=name, changed_at=at)
        session.add(row)
    return row
