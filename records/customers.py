"""Customers of our staff and the groups they are in, as the provider's address book has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Index, LargeBinary, Update, and_, func, or_, select, update
from sqlmodel import Field, Session, SQLModel

from records import dialect, group_tasks
from records.groups import link
from records.types import Json, UtcDateTime
from records.vault import Vault

_MANY = 500  # rows named in one statement
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Customer(SQLModel, table=True):
    """One person whom one steward has as a contact; names are sealed."""

    __table_args__ = (Index("ix_customer_steward", "steward"),)

    external_id: str = Field(primary_key=True, max_length=80)
    steward: str = Field(primary_key=True, max_length=80)  # the corp member's userid
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))  # name, remark
    state: str = Field(default="", max_length=120)  # the channel code they came by
    tags: list[str] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    added_at: datetime = Field(sa_type=UtcDateTime)
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # deleted the steward
    gone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CustomerGroup(SQLModel, table=True):
    """One customer group and its owner."""

    __tablename__ = "customer_group"
    __table_args__ = (Index("ix_customer_group_owner", "owner"),)

    chat_id: str = Field(primary_key=True, max_length=80)
    owner: str = Field(max_length=80)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))  # name
    area: str = Field(default="", max_length=12)  # ours to say; no synchronisation touches it
    member_version: str = Field(default="", max_length=80)
    created_at: datetime = Field(sa_type=UtcDateTime)
    synced_at: datetime = Field(sa_type=UtcDateTime)
    dismissed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class GroupMember(SQLModel, table=True):
    """Somebody in a customer group: one of ours, or a customer."""

    __tablename__ = "group_member"

    chat_id: str = Field(primary_key=True, max_length=80)
    member: str = Field(primary_key=True, max_length=80)
    is_staff: bool = False
    joined_at: datetime = Field(sa_type=UtcDateTime)
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Contact:
    """A customer as one steward has it; `name` and `remark` are sealed where they are kept."""

    external_id: str
    steward: str
    added_at: datetime
    state: str = ""
    tags: tuple[str, ...] = ()
    name: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a group."""

    id: str
    is_staff: bool
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Group:
    """A customer group as it is now."""

    chat_id: str
    owner: str
    name: str
    created_at: datetime
    version: str = ""
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group as it is listed: its name opened, its people only counted."""

    chat_id: str
    owner: str
    name: str
    area: str
    customers: int
    is_dismissed: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which customers or groups are meant; what is empty does not narrow."""

    ids: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    areas: frozenset[str] = field(default_factory=frozenset)


_CUSTOMERS = Customer.__table__  # type: ignore[attr-defined]
_GROUPS = CustomerGroup.__table__  # type: ignore[attr-defined]
_MEMBERS = GroupMember.__table__  # type: ignore[attr-defined]
_IS_HERE = _CUSTOMERS.c.gone_at.is_(None)
# A customer who deleted the steward stays in the list; whoever adds them again is added later.
_IS_FRIEND = and_(
    _IS_HERE, or_(_CUSTOMERS.c.left_at.is_(None), _CUSTOMERS.c.left_at <= _CUSTOMERS.c.added_at)
)


def keep_contacts(session: Session, vault: Vault, contacts: Sequence[Contact]) -> None:
    """These are contacts now. A later adding that an event told is not taken back."""
    if not contacts:
        return
    statement = dialect.insert(session, _CUSTOMERS)
    new = statement.excluded
    later = func.greatest if session.connection().dialect.name == "postgresql" else func.max
    statement = statement.on_conflict_do_update(
        index_elements=["external_id", "steward"],
        set_={
            "sealed": new.sealed,
            "state": new.state,
            "tags": new.tags,
            "added_at": later(_CUSTOMERS.c.added_at, new.added_at),
            "gone_at": None,
        },
    )
    session.connection().execute(statement, [_contact_row(vault, one) for one in contacts])


def only_stewards(
    session: Session, vault: Vault, external_id: str, stewards: Iterable[str], now: datetime
) -> None:
    """Nobody but these has this customer; what the others called them is forgotten."""
    others = and_(
        _CUSTOMERS.c.external_id == external_id,
        _CUSTOMERS.c.steward.not_in(list(stewards)),
        _IS_HERE,
    )
    forgotten = {"sealed": vault.seal({}), "gone_at": now}
    session.execute(update(_CUSTOMERS).where(others).values(forgotten))


def was_added(session: Session, external_id: str, steward: str, at: datetime) -> None:
    """The customer added this steward, perhaps again; counts once the contact is known."""
    mine = _pair(external_id, steward).where(_CUSTOMERS.c.added_at < at)
    session.execute(mine.values(added_at=at))


def has_left(session: Session, vault: Vault, external_id: str, steward: str, at: datetime) -> None:
    """The customer deleted this steward, who still has them in the list."""
    row = _contact_row(vault, Contact(external_id, steward, _LONG_AGO))
    statement = dialect.insert_or_ignore(session, _CUSTOMERS, ["external_id", "steward"])
    session.connection().execute(statement, [{**row, "gone_at": at}])  # not read yet
    is_new = or_(_CUSTOMERS.c.left_at.is_(None), _CUSTOMERS.c.left_at < at)
    session.execute(_pair(external_id, steward).where(is_new).values(left_at=at))


def known_pairs(session: Session, stewards: Sequence[str] | None = None) -> set[tuple[str, str]]:
    """Customer and steward of every contact, of these stewards or of all."""
    query = select(_CUSTOMERS.c.external_id, _CUSTOMERS.c.steward).where(_IS_HERE)
    if stewards is not None:
        query = query.where(_CUSTOMERS.c.steward.in_(stewards))
    return {(row[0], row[1]) for row in session.execute(query)}


def friends(session: Session, wanted: Wanted) -> list[tuple[str, str]]:
    """Customer and steward of those meant who can be written to, who was added last first."""
    query = select(_CUSTOMERS.c.external_id, _CUSTOMERS.c.steward).where(_IS_FRIEND)
    if wanted.owners:
        query = query.where(_CUSTOMERS.c.steward.in_(wanted.owners))
    rows = session.execute(query.order_by(_CUSTOMERS.c.added_at.desc(), _CUSTOMERS.c.external_id))
    ids = set(wanted.ids)
    return [(row[0], row[1]) for row in rows if not ids or row[0] in ids]


def contacts_of(session: Session, external_ids: Sequence[str] | None = None) -> list[Customer]:
    """Contacts as they are kept: of these customers, or all."""
    query = select(Customer).where(_IS_HERE).order_by(_CUSTOMERS.c.external_id)
    if external_ids is not None:
        query = query.where(_CUSTOMERS.c.external_id.in_(list(external_ids)))
    return list(session.execute(query).scalars())


def keep_tags(session: Session, external_id: str, steward: str, tags: Sequence[str]) -> None:
    """The tags that this steward's contact has now."""
    session.execute(_pair(external_id, steward).values(tags=list(tags)))


def keep_group(session: Session, vault: Vault, group: Group, now: datetime) -> None:
    """A group as it is now; who is not in it any more has left."""
    row = {
        "chat_id": group.chat_id,
        "owner": group.owner,
        "sealed": vault.seal({"name": group.name}),
        "area": "",
        "member_version": group.version,
        "created_at": group.created_at,
        "synced_at": now,
        "dismissed_at": None,
    }
    statement = dialect.insert(session, _GROUPS).values(row)
    kept = {name: value for name, value in row.items() if name not in ("chat_id", "area")}
    session.connection().execute(
        statement.on_conflict_do_update(index_elements=["chat_id"], set_=kept)
    )
    link(session, group.chat_id, group.created_at)
    _keep_members(session, group, now)


def dismiss_group(session: Session, chat_id: str, now: datetime) -> None:
    """There is no such group any more."""
    gone = and_(_GROUPS.c.chat_id == chat_id, _GROUPS.c.dismissed_at.is_(None))
    session.execute(update(_GROUPS).where(gone).values(dismissed_at=now, synced_at=now))
    left = and_(_MEMBERS.c.chat_id == chat_id, _MEMBERS.c.left_at.is_(None))
    session.execute(update(_MEMBERS).where(left).values(left_at=now))
    group_tasks.lose(session, chat_id, now)


def version_of(session: Session, chat_id: str) -> str:
    """The version of the member list that we have; "" for none."""
    query = select(_GROUPS.c.member_version).where(_GROUPS.c.chat_id == chat_id)
    return session.execute(query).scalar() or ""


def live_groups(session: Session) -> list[str]:
    """Every group that is not dismissed."""
    query = select(_GROUPS.c.chat_id).where(_GROUPS.c.dismissed_at.is_(None))
    return list(session.execute(query).scalars())


def groups(session: Session, vault: Vault, wanted: Wanted) -> list[GroupLine]:
    """The groups that are meant, also dismissed ones, owner by owner."""
    count = (
        select(func.count())
        .where(
            _MEMBERS.c.chat_id == _GROUPS.c.chat_id,
            _MEMBERS.c.left_at.is_(None),
            ~_MEMBERS.c.is_staff,
        )
        .scalar_subquery()
    )
    query = select(_GROUPS, count.label("customers")).order_by(
        _GROUPS.c.owner, _GROUPS.c.created_at, _GROUPS.c.chat_id
    )
    if wanted.owners:
        query = query.where(_GROUPS.c.owner.in_(wanted.owners))
    ids = set(wanted.ids)
    return [
        _group_line(vault, row)
        for row in session.execute(query)
        if (not ids or row.chat_id in ids) and (not wanted.areas or row.area in wanted.areas)
    ]


def members_of(session: Session, chat_id: str) -> list[str]:
    """Who is in a group now."""
    here = and_(_MEMBERS.c.chat_id == chat_id, _MEMBERS.c.left_at.is_(None))
    return list(session.execute(select(_MEMBERS.c.member).where(here)).scalars())


def place_group(session: Session, chat_id: str, area: str) -> bool:
    """Whose people a group holds; False if there is no such group."""
    placed = session.execute(
        update(_GROUPS)
        .where(_GROUPS.c.chat_id == chat_id)
        .values(area=area)
        .returning(_GROUPS.c.chat_id)
    ).first()
    return placed is not None


def _keep_members(session: Session, group: Group, now: datetime) -> None:
    known = set(members_of(session, group.chat_id))
    gone = sorted(known - {member.id for member in group.members})
    for start in range(0, len(gone), _MANY):
        left = and_(
            _MEMBERS.c.chat_id == group.chat_id,
            _MEMBERS.c.member.in_(gone[start : start + _MANY]),
        )
        session.execute(update(_MEMBERS).where(left).values(left_at=now))
    new = [_member_row(group.chat_id, one) for one in group.members if one.id not in known]
    if new:
        statement = dialect.insert(session, _MEMBERS)
        again = {"joined_at": statement.excluded.joined_at, "left_at": None}
        session.connection().execute(
            statement.on_conflict_do_update(index_elements=["chat_id", "member"], set_=again), new
        )


def _pair(external_id: str, steward: str) -> Update:
    return update(_CUSTOMERS).where(
        _CUSTOMERS.c.external_id == external_id, _CUSTOMERS.c.steward == steward
    )


def _contact_row(vault: Vault, contact: Contact) -> Mapping[str, Any]:
    return {
        "external_id": contact.external_id,
        "steward": contact.steward,
        "sealed": vault.seal({"name": contact.name, "remark": contact.remark}),
        "state": contact.state,
        "tags": list(contact.tags),
        "added_at": contact.added_at,
        "gone_at": None,
    }


def _member_row(chat_id: str, member: Member) -> Mapping[str, Any]:
    return {
        "chat_id": chat_id,
        "member": member.id,
        "is_staff": member.is_staff,
        "joined_at": member.joined_at,
        "left_at": None,
    }


def _group_line(vault: Vault, row: Any) -> GroupLine:
    return GroupLine(
        chat_id=row.chat_id,
        owner=row.owner,
        name=str(vault.open(row.sealed)["name"]),
        area=row.area,
        customers=row.customers,
        is_dismissed=row.dismissed_at is not None,
    )
