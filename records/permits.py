"""What one person may not do alone: asked for with a reason, given by another, for a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Column, LargeBinary, select, update
from sqlmodel import Field, Session, SQLModel

from records import audit, second_person
from records.types import BigId, UtcDateTime
from records.vault import Vault

LIFE = timedelta(days=3)
ALONE = 200  # rows with people that one person may take out (domain P-28)
_WHY = "why"
_LET_IN = (
    "您的账号是申请人三天内开的、改的，或者登录链接、绑定码是他给的，"
    "不能由您批准，请另一位同事来批；没有别人，满三天再批。"
)


class PermitKind(StrEnum):
    """What it allows."""

    LIST = "list"  # to read the people of an area, for those who see totals
    EXPORT = "export"  # to take out more rows than one may alone
    WIPE = "wipe"  # to empty everything, at the end of the service (domain P-17)


class PermitState(StrEnum):
    """Where it stands."""

    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"
    USED = "used"


class Permit(SQLModel, table=True):
    """One request; `what` names the list or the work that waits for it."""

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    kind: str = Field(max_length=8)
    state: str = Field(max_length=8, index=True)
    asked_by: str = Field(max_length=40, index=True)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    area: str = Field(default="", max_length=24)
    what: str = Field(default="", max_length=80)
    rows: int = 0
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))  # the reason
    decided_by: str = Field(default="", max_length=40)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PermitRefusal(Exception):
    """It cannot be given or asked for like this; one sentence in Chinese for the page."""


_TABLE = Permit.__table__  # type: ignore[attr-defined]


def ask(
    session: Session,
    vault: Vault,
    kind: PermitKind,
    *,
    by: str,
    why: str,
    area: str = "",
    what: str = "",
    rows: int = 0,
    at: datetime,
) -> int:
    """Ask for it; its number. PermitRefusal without a reason."""
    if not why.strip():
        raise PermitRefusal("请写明用途，批准的人要看。")
    row = Permit(
        kind=kind.value,
        state=PermitState.ASKED.value,
        asked_by=by,
        asked_at=at,
        area=area,
        what=what,
        rows=rows,
        sealed=vault.seal({_WHY: why.strip()}),
    )
    session.add(row)
    session.flush()
    audit.write(session, "permit.asked", at=at, actor=f"staff:{by}", subject=str(row.id))
    return int(row.id or 0)


def decide(session: Session, number: int, *, by: str, is_given: bool, at: datetime) -> Permit:
    """Another person's word; PermitRefusal where it is the asker's own, or there is none open."""
    row = session.get(Permit, number, with_for_update=True, populate_existing=True)
    if row is None or row.state != PermitState.ASKED:
        raise PermitRefusal("这个申请已经处理过了，刷新页面看看。")
    if row.asked_by == by:
        raise PermitRefusal("自己的申请要由另一位同事批准。")
    if is_given and second_person.was_let_in(session, by, row.asked_by, at):
        raise PermitRefusal(_LET_IN)
    row.state = (PermitState.GIVEN if is_given else PermitState.REFUSED).value
    row.decided_by, row.decided_at = by, at
    row.until = at + LIFE if is_given else None
    session.flush()
    act = "permit.given" if is_given else "permit.refused"
    audit.write(session, act, at=at, actor=f"staff:{by}", subject=str(number))
    return row


def use(session: Session, number: int, *, by: str, at: datetime) -> Permit:
    """Spend it, once; PermitRefusal where it is not theirs, not given, or over."""
    row = session.get(Permit, number, with_for_update=True, populate_existing=True)
    is_good = row is not None and row.asked_by == by and row.state == PermitState.GIVEN
    if row is None or not is_good or row.until is None or row.until <= at:
        raise PermitRefusal("这次导出还没有批准，或者批准已经过期，请重新申请。")
    row.state = PermitState.USED.value
    session.flush()
    audit.write(session, "permit.used", at=at, actor=f"staff:{by}", subject=str(number))
    return row


def void(session: Session, name: str) -> None:
    """Somebody changes their post or leaves: what they asked for in the old one is over."""
    open_ones = (PermitState.ASKED.value, PermitState.GIVEN.value)
    theirs = (_TABLE.c.asked_by == name, _TABLE.c.state.in_(open_ones))
    session.execute(update(_TABLE).where(*theirs).values(state=PermitState.REFUSED.value))


def in_force(session: Session, name: str, kind: PermitKind, now: datetime) -> list[Permit]:
    """What somebody has been given and may still use."""
    query = select(Permit).where(
        _TABLE.c.asked_by == name,
        _TABLE.c.kind == kind.value,
        _TABLE.c.state == PermitState.GIVEN.value,
        _TABLE.c.until > now,
    )
    return list(session.execute(query.order_by(_TABLE.c.id)).scalars())


def waiting(session: Session) -> list[Permit]:
    """What nobody has decided yet, oldest first."""
    query = select(Permit).where(_TABLE.c.state == PermitState.ASKED.value)
    return list(session.execute(query.order_by(_TABLE.c.id)).scalars())


def reason(vault: Vault, row: Permit) -> str:
    """Why it is wanted."""
    return str(vault.open(row.sealed).get(_WHY) or "")
