"""A paper as a file: who may take it, and what the trail says of it."""

from __future__ import annotations

import secrets
from datetime import datetime

from outreach.reports.places import namer
from outreach.reports.versions import printing, reading
from outreach.reports.versions.paper import Paper
from outreach.reports.versions.refusal import NOT_YOURS, ReportRefusal
from outreach.reports.writing.mark import Mark
from records import audit, audit_chain, incidents, permits, report_versions
from records.database import Session
from records.permits import PermitKind
from records.report_versions import Version
from records.rights import Right, may
from records.staff_accounts import Staff
from records.vault import Vault

NEEDS_PERMIT = "这份表里有个人信息，每次下载都要另一位同事批准。"


def take(
    session: Session,
    vault: Vault,
    version: Version,
    paper: Paper,
    *,
    ending: str,
    by: Staff,
    now: datetime,
) -> tuple[bytes, str]:
    """The file and its number. ReportRefusal, or ExportsFrozen while an incident is open."""
    incidents.refuse_if_frozen(session)
    if not (may(by, Right.REPORTS) and report_versions.may_see(by.area, version)):
        raise ReportRefusal(NOT_YOURS)
    if version.has_people:
        _spend(session, version, by, now)
    number = secrets.token_hex(4).upper()
    known = reading.opened(session, vault, version)
    trail = audit_chain.head(session).words
    mark = Mark(by.name, now, number, is_shown=version.has_people, trail=trail)
    body = printing.write(known, paper, ending, mark, _sender(session, version))
    actor, subject = f"staff:{by.name}"[:60], f"report:{version.number}"
    audit.write(session, "report.exported", at=now, actor=actor, subject=subject, receipt=number)
    return body, number


def ask(
    session: Session, vault: Vault, version: Version, *, why: str, by: Staff, now: datetime
) -> int:
    """Ask another person for a paper with people in it; the number of the permit."""
    if not (may(by, Right.EXPORT) and report_versions.may_see(by.area, version)):
        raise ReportRefusal(NOT_YOURS)
    return permits.ask(
        session,
        vault,
        PermitKind.EXPORT,
        by=by.name,
        why=why,
        area=version.area,
        what=_what(version),
        at=now,
    )


def is_permitted(session: Session, version: Version, by: Staff, now: datetime) -> bool:
    """Whether they may take it now."""
    return not version.has_people or _permit(session, version, by, now) is not None


def _sender(session: Session, version: Version) -> str:
    return namer(session, [version.area])(version.area)


def _spend(session: Session, version: Version, by: Staff, now: datetime) -> None:
    permit = _permit(session, version, by, now)
    if not may(by, Right.EXPORT) or permit is None:
        raise ReportRefusal(NEEDS_PERMIT)
    permits.use(session, permit, by=by.name, at=now)


def _permit(session: Session, version: Version, by: Staff, now: datetime) -> int | None:
    given = permits.in_force(session, by.name, PermitKind.EXPORT, now)
    return next((one.id for one in given if one.what == _what(version)), None)


def _what(version: Version) -> str:
    return f"下载报表{version.number}"
