"""The register of groups as it is read: ours and WeCom's together, people only counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, case, func, literal, or_, select
from sqlmodel import Session

from records.customers import CustomerGroup, GroupMember
from records.group_tasks import GroupTaskTarget
from records.groups import WECHAT, WECOM, ContactGroup, GroupKind, GroupSource
from records.staff_accounts import StaffAccount, StaffMember, wecom_account
from records.vault import Vault


class GroupState(StrEnum):
    """Where a group stands."""

    LIVE = "live"
    WAITING = "waiting"  # until staff say whose people, which kind and who keeps it
    LEFT = "left"  # the bot is out of it, or it was dismissed
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Known:
    """A group of the register. `steward` is "" where whoever kept it is no longer here."""

    id: int
    channel: str
    chat: str  # "" where somebody pastes
    name: str
    kind: GroupKind | None
    area: str
    town: str
    city: str
    steward: str
    owner: str  # the member of the corporation whose customer group it is
    size: int | None
    last_post_at: datetime | None
    source: GroupSource
    brought_by: str
    external_id: str
    learnt_at: datetime
    left_at: datetime | None
    dropped_at: datetime | None

    @property
    def lacks(self) -> tuple[str, ...]:
        """What staff have not said yet."""
        said = {"area": self.area, "kind": self.kind, "steward": self.steward}
        return tuple(name for name, value in said.items() if not value)

    @property
    def state(self) -> GroupState:
        if self.dropped_at is not None:
            return GroupState.DROPPED
        if self.left_at is not None:
            return GroupState.LEFT
        return GroupState.WAITING if self.lacks else GroupState.LIVE

    @property
    def is_copy_ready(self) -> bool:
        """Whether somebody pastes what is posted."""
        return self.channel == WECHAT


_TABLE = ContactGroup.__table__  # type: ignore[attr-defined]
_WECOM = CustomerGroup.__table__  # type: ignore[attr-defined]
_MEMBERS = GroupMember.__table__  # type: ignore[attr-defined]
_TARGETS = GroupTaskTarget.__table__  # type: ignore[attr-defined]
_ACCOUNTS = StaffAccount.__table__  # type: ignore[attr-defined]
_STAFF = StaffMember.__table__  # type: ignore[attr-defined]


def known(session: Session, vault: Vault) -> list[Known]:
    """Every group that was ever learnt: customer groups owner by owner, then the others."""
    return _read(session, vault, _query())


def numbered(session: Session, vault: Vault, number: int) -> Known | None:
    """One group by its number."""
    return next(iter(_read(session, vault, _query().where(_TABLE.c.id == number))), None)


def of_chat(session: Session, vault: Vault, chat: str) -> list[Known]:
    """The groups at this address, on whatever channel."""
    return _read(session, vault, _query().where(_TABLE.c.chat == chat))


def kept_by(session: Session, vault: Vault, steward: str) -> list[Known]:
    """The groups of one of the staff, whatever their state."""
    return _read(session, vault, _query().where(_STAFF.c.name == steward))


def _query() -> Select[Any]:
    is_wecom = _TABLE.c.channel == WECOM
    account = literal(wecom_account("")) + func.lower(_WECOM.c.owner)
    keeper = case((is_wecom, _ACCOUNTS.c.name), else_=_TABLE.c.steward)
    source = (
        _TABLE.outerjoin(_WECOM, and_(is_wecom, _WECOM.c.chat_id == _TABLE.c.chat))
        .outerjoin(_ACCOUNTS, and_(is_wecom, _ACCOUNTS.c.account == account))
        .outerjoin(_STAFF, and_(_STAFF.c.name == keeper, _STAFF.c.until.is_(None)))
    )
    columns = (
        _TABLE,
        _WECOM.c.owner,
        _WECOM.c.sealed.label("wecom_sealed"),
        _WECOM.c.area.label("wecom_area"),
        _WECOM.c.dismissed_at,
        _STAFF.c.name.label("keeper"),
        _customers().label("customers"),
        _sent().label("sent_at"),
    )
    order = (_WECOM.c.chat_id.is_(None), _WECOM.c.owner, _WECOM.c.created_at, _TABLE.c.id)
    return select(*columns).select_from(source).order_by(*order)


def _customers() -> Any:
    here = and_(_MEMBERS.c.chat_id == _TABLE.c.chat, _MEMBERS.c.left_at.is_(None))
    return select(func.count()).where(here, ~_MEMBERS.c.is_staff).scalar_subquery()


def _sent() -> Any:
    """When a broadcast reached a customer group last."""
    mine = and_(_TABLE.c.channel == WECOM, _TARGETS.c.target == _TABLE.c.chat)
    return select(func.max(_TARGETS.c.sent_at)).where(mine).scalar_subquery()


def _read(session: Session, vault: Vault, query: Select[Any]) -> list[Known]:
    is_ours = or_(_TABLE.c.channel != WECOM, _WECOM.c.chat_id.is_not(None))
    return [_known(vault, row) for row in session.execute(query.where(is_ours))]


def _known(vault: Vault, row: Any) -> Known:
    is_wecom = row.channel == WECOM
    return Known(
        id=row.id,
        channel=row.channel,
        chat=row.chat or "",
        name=_name(vault, row, is_wecom=is_wecom),
        kind=GroupKind(row.kind) if row.kind else None,
        area=row.wecom_area if is_wecom else row.area,
        town=row.town,
        city=row.city,
        steward=row.keeper or "",
        owner=row.owner or "",
        size=row.customers if is_wecom else row.size,
        last_post_at=max(filter(None, (row.last_post_at, row.sent_at)), default=None),
        source=GroupSource(row.source),
        brought_by=row.brought_by,
        external_id=row.external_id,
        learnt_at=row.learnt_at,
        left_at=row.dismissed_at if is_wecom else row.left_at,
        dropped_at=row.dropped_at,
    )


def _name(vault: Vault, row: Any, *, is_wecom: bool) -> str:
    if is_wecom:
        return str(vault.open(row.wecom_sealed)["name"])
    return str(vault.open(row.sealed)) if row.sealed else ""


def in_state(found: Sequence[Known], *states: GroupState) -> list[Known]:
    """Those of the groups that stand so."""
    return [one for one in found if one.state in states]
