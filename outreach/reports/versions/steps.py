"""The way of a version: checked by one, signed by another who answers for it, then frozen."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from outreach.reports.versions import document
from outreach.reports.versions.refusal import NOT_YOURS, STALE, ReportRefusal
from records import audit, report_versions
from records.database import Session
from records.report_versions import State, Version
from records.rights import Right, may
from records.staff_accounts import Staff
from records.vault import Vault

PRINTED = 12  # characters of a hash that the trail keeps, and that papers show first


def check(
    session: Session, vault: Vault, version: Version, *, seen: str, by: Staff, now: datetime
) -> Version:
    """Somebody has gone through it; `seen` is the hash of what they had before them."""
    _is_theirs(by, version, seen)
    if version.state is not State.DRAFTED:
        raise ReportRefusal("这份表已经核对过了。")
    done = replace(version, state=State.CHECKED, checked_by=by.name, checked_at=now)
    return _taken(session, vault, version, done, "report.checked", by.name, now)


def sign(
    session: Session, vault: Vault, version: Version, *, seen: str, by: Staff, now: datetime
) -> Version:
    """Another person answers for it."""
    _is_theirs(by, version, seen)
    if version.state is State.DRAFTED:
        raise ReportRefusal("还没有人核对，先请一位同事核对，再签字。")
    if version.state is not State.CHECKED:
        raise ReportRefusal("这份表已经签过字了。")
    if version.checked_by == by.name:
        raise ReportRefusal(
            "核对和签字要两个人：您核对过了，请另一位同事签字。"
            "还没有别的同事，就请管“人员与权限”的人加一位。"
        )
    done = replace(version, state=State.SIGNED, signed_by=by.name, signed_at=now)
    return _taken(session, vault, version, done, "report.signed", by.name, now)


def take_back(
    session: Session, vault: Vault, version: Version, *, seen: str, by: Staff, now: datetime
) -> Version:
    """Undo the last step, of one's own; what is frozen is taken back by nobody."""
    _is_theirs(by, version, seen)
    if version.state is State.SIGNED and version.signed_by == by.name:
        done = replace(version, state=State.CHECKED, signed_by="", signed_at=None)
    elif version.state is State.CHECKED:
        done = replace(version, state=State.DRAFTED, checked_by="", checked_at=None)
    else:
        raise ReportRefusal("收不回来：签字由签的人自己收回，定稿的不能收回。")
    return _taken(session, vault, version, done, "report.taken_back", by.name, now)


def freeze(
    session: Session,
    vault: Vault,
    version: Version,
    *,
    now: datetime,
    by: Staff | None = None,
    seen: str = "",
) -> Version:
    """From now on it stays as it is; without `by` it is the clock's doing, the night after."""
    if by is not None:
        _is_theirs(by, version, seen or version.sha)
    if version.state is not State.SIGNED:
        raise ReportRefusal("签过字的表才能定稿。")
    done = replace(version, state=State.FROZEN, frozen_at=now)
    return _taken(session, vault, version, done, "report.frozen", by.name if by else "", now)


def _is_theirs(by: Staff, version: Version, seen: str) -> None:
    if not (may(by, Right.SIGN) and report_versions.may_see(by.area, version)):
        raise ReportRefusal(NOT_YOURS)
    if version.sha != seen or version.state is State.REPLACED:
        raise ReportRefusal(STALE)


def _taken(
    session: Session,
    vault: Vault,
    was: Version,
    done: Version,
    act: str,
    name: str,
    now: datetime,
) -> Version:
    head = report_versions.head(session, vault, was.number)
    notes = report_versions.notes(session, was.number)
    last = notes[-1].sha if notes else ""
    done = replace(done, sha=document.sha_of(done, head, last))
    if not report_versions.stamp(session, done, was):
        raise ReportRefusal(STALE)
    actor, subject = f"staff:{name}"[:60] if name else "system", f"report:{was.number}"
    printed = done.sha[:PRINTED] if done.state is State.FROZEN else ""
    audit.write(session, act, at=now, actor=actor, subject=subject, receipt=printed)
    return done
