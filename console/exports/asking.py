"""An export is asked for: counted first, given at once or after another person's word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from console.exports.catalog import CATALOG
from console.exports.kinds import Asked, ExportRefusal, Kind, Shape
from console.exports.mark import subject
from records import audit, background, incidents, permits, rights, scope, staff_accounts
from records.background import BackgroundWork, NewWork, WorkState
from records.database import Session
from records.permits import ALONE, Permit, PermitKind, PermitRefusal
from records.staff_accounts import Staff
from records.vault import Vault

EXPORT = "export"
_TOGETHER = timedelta(days=1)  # what somebody takes within it counts as one export
_GROWN = 1.1  # how much longer a list may be than what was permitted: people come every day
_LATELY = 5


@dataclass(frozen=True, slots=True)
class Size:
    """How many rows with people it has; whether another person has to permit it."""

    rows: int
    needs_permit: bool


def size(session: Session, asked: Asked) -> Size:
    """Count it. ExportRefusal where it may not be taken at all."""
    kind = kind_of(asked.what)
    if not rights.may(asked.staff, kind.right):
        raise ExportRefusal("您没有导出这一项的权限。")
    if asked.shape not in kind.shapes:
        raise ExportRefusal("这一项不能导出成这种文件。")
    rows = kind.count(session, asked)
    since = asked.now - _TOGETHER
    before = background.rows_alone(session, asked.staff.name, EXPORT, since) if rows else 0
    return Size(rows, rows > 0 and rows + before > ALONE)


def ask(session: Session, vault: Vault, asked: Asked) -> int:
    """Ask for it; the number of the work. The same asked twice is one.

    ExportRefusal, ExportsFrozen, and PermitRefusal where a reason is wanted and not given.
    """
    incidents.refuse_if_frozen(session)
    staff_accounts.hold(session, asked.staff.name)  # what is asked for side by side adds up, too
    found = size(session, asked)
    wanted = {"what": asked.what, "shape": asked.shape.value, "values": dict(asked.values)}
    same = _under_way(session, vault, asked, wanted)
    if same is not None:
        return same
    area = asked.values.get("place") or asked.staff.area
    permit = _permit(session, vault, asked, found, area) if found.needs_permit else 0
    new = NewWork(
        EXPORT,
        asked.staff.name,
        wanted,
        area,
        rows=found.rows,
        permit=permit,
        is_held=bool(permit),
    )
    number = background.add(session, vault, new, asked.now)
    _note(session, "export.asked", number, asked.staff, asked.now)
    return number


def begin(session: Session, vault: Vault, number: int, staff: Staff, now: datetime) -> None:
    """It was permitted: it is made now. The permit is spent."""
    incidents.refuse_if_frozen(session)
    row = background.find(session, number)
    if row is None or row.by != staff.name or row.state != WorkState.HELD:
        raise ExportRefusal("这次导出已经处理过了，刷新页面看看。")
    permit = permits.use(session, row.permit, by=staff.name, at=now)
    rows = size(session, asked_of(vault, row, staff, now)).rows
    if rows > permit.rows * _GROWN:
        raise ExportRefusal(f"现在有 {rows} 行，比批准的 {permit.rows} 行多，请重新申请。")
    background.release(session, number)


def decide(session: Session, number: int, staff: Staff, *, is_given: bool, at: datetime) -> Permit:
    """Another person's word on a permit of their area; a refused export is over."""
    row = session.get(Permit, number)
    if row is None or not may_decide(staff, row):
        raise PermitRefusal("没有这个申请。")
    permits.decide(session, number, by=staff.name, is_given=is_given, at=at)
    work = background.by_permits(session, [number]).get(number)
    if work is not None and not is_given:
        said = "另一位同事没有批准这次导出。"
        background.cancel(session, work.number, work.by, said=said, at=at)
    return row


def may_decide(staff: Staff, row: Permit) -> bool:
    """Whether a permit is theirs to decide: another's, of what they look after.

    Emptying everything is for who looks after everything, and after personal data.
    """
    if row.kind == PermitKind.WIPE:
        return may_end(staff) and row.asked_by != staff.name
    is_theirs = rights.may(staff, rights.Right.GRANT) and scope.is_within(row.area, staff.area)
    return is_theirs and row.asked_by != staff.name


def may_end(staff: Staff) -> bool:
    """Whether they decide on the service as a whole."""
    return rights.may(staff, rights.Right.PRIVACY) and not staff.area


def kind_of(what: str) -> Kind:
    """The kind of this key."""
    if what not in CATALOG:
        raise ExportRefusal("没有这一项可以导出。")
    return CATALOG[what]


def asked_of(vault: Vault, row: BackgroundWork, staff: Staff, now: datetime) -> Asked:
    """What a piece of work was asked for, looked at now."""
    wanted = background.asked(vault, row)
    shape, values = Shape(wanted["shape"]), dict(wanted["values"])
    return Asked(str(wanted["what"]), staff, now, shape, values)


def _permit(session: Session, vault: Vault, asked: Asked, found: Size, area: str) -> int:
    return permits.ask(
        session,
        vault,
        PermitKind.EXPORT,
        by=asked.staff.name,
        why=asked.why,
        area=area,
        what=kind_of(asked.what).title,
        rows=found.rows,
        at=asked.now,
    )


def _under_way(
    session: Session, vault: Vault, asked: Asked, wanted: Mapping[str, Any]
) -> int | None:
    """The number of what is asked for already and not made yet."""
    rows = background.of(session, asked.staff.name, [EXPORT], most=_LATELY)
    same = (r.number for r in rows if not r.is_over and background.asked(vault, r) == wanted)
    return next(same, None)


def _note(session: Session, act: str, number: int, staff: Staff, at: datetime) -> None:
    audit.write(session, act, at=at, actor=f"staff:{staff.name}", subject=subject(number))
