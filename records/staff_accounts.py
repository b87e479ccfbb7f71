"""Staff and mentors: who they are, for which area, and the chat accounts that speak for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import bindparam, delete, select
from sqlmodel import Field, Session, SQLModel

from records import audit, console_access, permits
from records.dialect import insert_or_ignore
from records.scope import is_above_counties, is_local
from records.types import UtcDateTime
from records.vault import Vault

CODE_LIFE = timedelta(days=1)
NAME_LENGTH = 40
_OF_WECOM = "wecom_app"
_LATELY = 100  # acts on one account that are looked at
_POSTED = frozenset({"staff.added", "staff.changed", "staff.disabled"})


class StaffRole(StrEnum):
    """What somebody is to the service (domain 1.7)."""

    STAFF = "staff"  # town or county
    COMMISSIONER = "commissioner"  # 服务专员
    CADRE = "cadre"  # of a village
    MENTOR = "mentor"
    STEWARD = "steward"  # of customer groups
    HEAD = "head"  # of a station, at home or where people work
    INSPECTOR = "inspector"  # 督查室: totals and overdue tasks
    PUBLICITY = "publicity"  # 宣传: cases of those who agreed
    PARTNER = "partner"  # a bank, an association, a park: single cases shared by consent
    OPERATOR = "operator"  # keeps the program running: nothing personal

    @property
    def sees_requests(self) -> bool:
        """Whether requests for a human are theirs to read and answer."""
        return self in {StaffRole.STAFF, StaffRole.COMMISSIONER}


class StaffMember(SQLModel, table=True):
    """One of the staff; the name is what people see, and what the trail says."""

    __tablename__ = "staff_member"

    name: str = Field(primary_key=True, max_length=NAME_LENGTH)
    role: str = Field(max_length=20)
    area: str = Field(default="", max_length=12)  # "" = everywhere
    since: datetime = Field(sa_type=UtcDateTime)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class StaffAccount(SQLModel, table=True):
    """An account that speaks for one of the staff."""

    __tablename__ = "staff_account"

    account: str = Field(primary_key=True, max_length=200)  # see `account_of`
    name: str = Field(max_length=NAME_LENGTH, index=True)
    since: datetime = Field(sa_type=UtcDateTime)


class StaffCode(SQLModel, table=True):
    """A code that binds the account it is sent from, once; only its fingerprint is kept."""

    __tablename__ = "staff_code"

    code_print: str = Field(primary_key=True, max_length=64)
    name: str = Field(max_length=NAME_LENGTH, index=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Staff:
    """One of the staff, and the accounts that speak for them."""

    name: str
    role: StaffRole
    area: str = ""
    accounts: tuple[str, ...] = ()
    until: datetime | None = None

    @property
    def sees_requests(self) -> bool:
        """Whether any are theirs: those that lie with a village are its cadre's, too.

        Staff of a city or a province read totals, and nobody's words (domain 1.7).
        """
        if self.role is StaffRole.STAFF and is_above_counties(self.area):
            return False
        return self.role.sees_requests or (self.role is StaffRole.CADRE and is_local(self.area))


@dataclass(frozen=True, slots=True)
class Offer:
    """Whom a code would bind, and until when."""

    staff: Staff
    expires_at: datetime


class StaffRefusal(Exception):
    """It cannot be done to this member of staff; one sentence for operators."""


_MEMBERS = StaffMember.__table__  # type: ignore[attr-defined]
_ACCOUNTS = StaffAccount.__table__  # type: ignore[attr-defined]
_CODES = StaffCode.__table__  # type: ignore[attr-defined]
_WHO = (  # asked with each turn: built once
    select(_ACCOUNTS.c.account, _MEMBERS.c.name, _MEMBERS.c.role, _MEMBERS.c.area)
    .join(_MEMBERS, _MEMBERS.c.name == _ACCOUNTS.c.name)
    .where(
        _ACCOUNTS.c.account.in_(bindparam("accounts", expanding=True)), _MEMBERS.c.until.is_(None)
    )
)


def account_of(conversation: str) -> str:
    """A conversation's key as accounts are known by: case means nothing in WeCom's userids."""
    return conversation.lower() if conversation.startswith(f"{_OF_WECOM}:") else conversation


def wecom_account(userid: str) -> str:
    """The account of a member of the corporation."""
    return account_of(f"{_OF_WECOM}:{userid.strip()}")


def add(
    session: Session, name: str, *, role: StaffRole, area: str, at: datetime, actor: str
) -> None:
    """Somebody joins, or comes back after having been disabled."""
    known = session.get(StaffMember, name)
    if known is not None and known.until is None:
        raise StaffRefusal(f"{name} is there already: `guiyan staff list` shows everybody")
    if known is None:
        session.add(StaffMember(name=name, role=role.value, area=area, since=at))
    else:
        known.role, known.area, known.since, known.until = role.value, area, at, None
    session.flush()
    audit.write(session, "staff.added", at=at, actor=actor, subject=name)


def change(
    session: Session, name: str, *, role: StaffRole, area: str | None, at: datetime, actor: str
) -> None:
    """Another role, and another area if one is given."""
    member = _active(session, name)
    before = member.role, member.area
    member.role = role.value
    member.area = member.area if area is None else area
    session.flush()
    if (member.role, member.area) != before:
        _leave_post(session, name)
    audit.write(session, "staff.changed", at=at, actor=actor, subject=name)


def disable(session: Session, name: str, *, at: datetime, actor: str) -> None:
    """No account speaks for them any more, from now on."""
    _active(session, name).until = at
    session.flush()
    session.execute(delete(_ACCOUNTS).where(_ACCOUNTS.c.name == name))
    session.execute(delete(_CODES).where(_CODES.c.name == name))
    console_access.forget(session, name)
    _leave_post(session, name)
    audit.write(session, "staff.disabled", at=at, actor=actor, subject=name)


def _leave_post(session: Session, name: str) -> None:
    """They come in anew, and what they may not do alone is asked for anew."""
    console_access.end_all(session, name)
    permits.void(session, name)


def hold(session: Session, name: str) -> None:
    """Until the end of the transaction nobody else does for them what is counted."""
    session.get(StaffMember, name, with_for_update=True)


def has_changed(session: Session, name: str, since: datetime) -> bool:
    """Whether they were given another post since then, or came back."""
    wanted = audit.Wanted(subject=name, act="staff.", since=since)
    rows = audit.found(session, wanted, limit=_LATELY)
    return any(one.act in _POSTED and one.at > since for one in rows)


def bind(session: Session, name: str, account: str, *, at: datetime, actor: str) -> None:
    """This account speaks for them; StaffRefusal where it speaks for somebody else."""
    _active(session, name)
    known = session.get(StaffAccount, account_of(account))
    if known is not None and known.name != name:
        raise StaffRefusal(
            f"this account speaks for {known.name}: disable {known.name} first, or name another"
        )
    if known is None:
        session.add(StaffAccount(account=account_of(account), name=name, since=at))
        session.flush()
        audit.write(session, "staff.bound", at=at, actor=actor, subject=name)


def offer(
    session: Session, vault: Vault, name: str, code: str, *, at: datetime, actor: str
) -> None:
    """Whoever sends this code within a day is taken for them, once; earlier codes are void."""
    _active(session, name)
    session.execute(delete(_CODES).where((_CODES.c.name == name) | (_CODES.c.expires_at <= at)))
    row = {"code_print": _print(vault, code), "name": name, "expires_at": at + CODE_LIFE}
    session.execute(insert_or_ignore(session, _CODES, ["code_print"]), row)
    audit.write(session, "staff.code_given", at=at, actor=actor, subject=name)


def offered(session: Session, vault: Vault, codes: Sequence[str]) -> dict[str, Offer]:
    """Whom each of these codes would bind."""
    prints = {_print(vault, code): code for code in codes}
    query = (
        select(_CODES, _MEMBERS.c.role, _MEMBERS.c.area)
        .join(_MEMBERS, _MEMBERS.c.name == _CODES.c.name)
        .where(_CODES.c.code_print.in_(prints), _MEMBERS.c.until.is_(None))
    )
    return {
        prints[row.code_print]: Offer(
            Staff(row.name, StaffRole(row.role), row.area), row.expires_at
        )
        for row in session.execute(query)
    }


def redeem(session: Session, vault: Vault, code: str, account: str, *, at: datetime) -> bool:
    """Bind an account by a code; False if the code is not, or no more, good for anybody."""
    found = offered(session, vault, [code]).get(code)
    if found is None or found.expires_at <= at:
        return False
    spent = delete(_CODES).where(_CODES.c.code_print == _print(vault, code))
    if session.connection().execute(spent).rowcount != 1:
        return False  # another account was a moment faster
    bind(session, found.staff.name, account, at=at, actor=f"staff:{found.staff.name}")
    return True


def who_are(session: Session, conversations: Sequence[str]) -> dict[str, Staff]:
    """Those of these conversations that speak for staff."""
    accounts = {account_of(key): key for key in conversations}
    rows = session.connection().execute(_WHO, {"accounts": list(accounts)})
    return {accounts[row[0]]: Staff(row[1], StaffRole(row[2]), row[3]) for row in rows}


def named(session: Session, name: str) -> Staff:
    """One of the staff, also a disabled one; StaffRefusal where there is no such name."""
    found = (one for one in everybody(session, with_disabled=True) if one.name == name)
    if (staff := next(found, None)) is None:
        raise StaffRefusal(f"there is no {name} among the staff: `guiyan staff list` shows them")
    return staff


def active(session: Session, name: str) -> Staff | None:
    """One of the staff; None where there is no such name, or it is disabled."""
    member = session.get(StaffMember, name)
    if member is None or member.until is not None:
        return None
    accounts = select(_ACCOUNTS.c.account).where(_ACCOUNTS.c.name == name)
    found = tuple(session.execute(accounts.order_by(_ACCOUNTS.c.since)).scalars())
    return Staff(member.name, StaffRole(member.role), member.area, found)


def everybody(session: Session, *, with_disabled: bool = False) -> list[Staff]:
    """All of the staff by name."""
    query = select(StaffMember).order_by(_MEMBERS.c.name)
    if not with_disabled:
        query = query.where(_MEMBERS.c.until.is_(None))
    accounts = _accounts(session)
    return [
        Staff(m.name, StaffRole(m.role), m.area, tuple(accounts.get(m.name, ())), m.until)
        for m in session.execute(query).scalars()
    ]


def _accounts(session: Session) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    query = select(_ACCOUNTS.c.name, _ACCOUNTS.c.account).order_by(_ACCOUNTS.c.since)
    for name, account in session.execute(query):
        found.setdefault(name, []).append(account)
    return found


def _active(session: Session, name: str) -> StaffMember:
    member = session.get(StaffMember, name)
    if member is None or member.until is not None:
        raise StaffRefusal(f"there is no {name} among the staff: `guiyan staff list` shows them")
    return member


def _print(vault: Vault, code: str) -> str:
    return vault.fingerprint(f"staff code {code}")
