"""The trail: who read and did what; whether anybody has changed it since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from urllib.parse import quote, urlencode

from aiohttp import web

from console.desk import Desk, NotHere
from console.forms import blank
from console.page import Page
from console.pages.staff import leads
from console.trail import VERIFY
from console.trail_words import reason_of, words_of
from outreach.calendars import CHINA
from records import audit, audit_chain, background, rights, runs, staff_accounts
from records.audit import AuditRow, Wanted
from records.audit_chain import Head
from records.background import BackgroundWork, NewWork
from records.database import Session
from records.rights import Right
from records.runs import JobRun
from records.staff_accounts import Staff
from records.vault import Vault, VaultError

FAMILIES = (
    ("person.", "人员"),
    ("dossier.", "档案"),
    ("ticket.", "诉求"),
    ("export.", "导出"),
    ("report.", "报表"),
    ("list.", "导入"),
    ("permit.", "申请和批准"),
    ("campaign.", "推送"),
    ("case.", "典型案例"),
    ("course.", "培训"),
    ("event.", "活动"),
    ("project.", "项目"),
    ("staff.", "工作人员"),
    ("console.", "登录"),
)
FAULTS = {
    "row changed": "这一条被改过",
    "row removed": "这一条被删了",
    "row added": "这一条是后来插进来的",
    "block changed": "这一段的封条被改过",
    "blocks removed": "从这一段起有封条被删了",
    "end cut off": "末尾被截掉了",
}
_PLACES = {
    **dict.fromkeys(("person", "dossier", "helper", "visit"), "people"),
    "ticket": "inbox",
}
_ACTORS = {"person": "群众本人", "system": "系统"}
_PAGE = 50
_JOB = "check_trail"


@dataclass(frozen=True, slots=True)
class Line:
    """A row with what was written beside its reason."""

    row: AuditRow
    why: str = ""

    @property
    def who(self) -> str:
        kind, _, name = self.row.actor.partition(":")
        return {"terminal": "命令行"}.get(name, name) or _ACTORS.get(kind, kind)

    @property
    def what(self) -> str:
        return words_of(self.row.act)

    @property
    def reason(self) -> str:
        return " ".join(filter(None, (reason_of(self.row.reason), self.why)))

    @property
    def path(self) -> str:
        """Where what it was done to is shown; "" where it has no page."""
        family = self.row.act.partition(".")[0]
        return f"/{_PLACES[family]}/{quote(self.row.subject)}" if family in _PLACES else ""


@dataclass(frozen=True, slots=True)
class Status:
    """How the chain stands: its newest seal, what is not sealed yet, the checks that were made."""

    head: Head
    unsealed: int
    nightly: JobRun | None
    work: BackgroundWork | None

    @property
    def is_working(self) -> bool:
        return self.work is not None and not self.work.is_over


async def trail(desk: Desk) -> web.StreamResponse:
    """The newest acts that are looked for."""
    query, before = desk.query, desk.query.get("before", "")
    is_number = before.isascii() and before.isdigit() and len(before) < 19
    wanted = Wanted(
        subject=query.get("of", "").strip(),
        actor=audit.actor_of(query["by"].strip()) if query.get("by", "").strip() else "",
        act=_act(query.get("act", "").strip()),
        since=_since(query.get("since", "")),
        before=int(before) if is_number else None,
    )
    lines, rest = await desk.read(_found, desk.means.vault, desk.staff, wanted, desk.now)
    if wanted.subject:
        await desk.note("trail.read", wanted.subject[:60])
    status = await desk.read(_status, desk.staff)
    return desk.render(
        "audit/list.html",
        f=blank(dict(query)),
        lines=lines,
        families=FAMILIES,
        older=_older(desk, rest),
        standing=status,
        faults=FAULTS,
        is_broken=query.get("since", "") != "" and wanted.since is None,
    )


def _older(desk: Desk, rest: int | None) -> str:
    if rest is None:
        return ""
    kept = {name: value for name, value in desk.query.items() if name != "before" and value}
    return "/console/audit?" + urlencode({**kept, "before": rest})


def _act(given: str) -> str:
    return given if given in {family for family, _ in FAMILIES} else ""


def _since(given: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(given), time(), CHINA)
    except ValueError:
        return None


def _found(
    session: Session, vault: Vault, staff: Staff, wanted: Wanted, now: datetime
) -> tuple[list[Line], int | None]:
    """What they may know of: acts of their own people, and on people in their reach."""
    by = None if not staff.area else _names(session, staff)
    if by is not None and wanted.subject and rights.reaches(session, staff, wanted.subject, now):
        by = None
    rows, rest = audit.searched(session, wanted, limit=_PAGE, by=by)
    return [Line(row, _why(vault, row)) for row in rows], rest


def _names(session: Session, staff: Staff) -> list[str]:
    known = staff_accounts.everybody(session, with_disabled=True)
    return [audit.actor_of(one.name) for one in known if leads(session, staff, one)]


def _why(vault: Vault, row: AuditRow) -> str:
    if row.sealed is None:
        return ""
    try:
        told = vault.open(row.sealed)
    except VaultError:
        return ""
    return " ".join(map(str, told.values())) if isinstance(told, dict) else str(told)


def _status(session: Session, staff: Staff) -> Status:
    mine = background.of(session, staff.name, [VERIFY], most=1)
    head, unsealed = audit_chain.head(session), audit_chain.unsealed(session)
    return Status(head, unsealed, runs.last(session, _JOB), mine[0] if mine else None)


async def check(desk: Desk) -> web.StreamResponse:
    """Hold every row against its seal; it takes a while."""
    is_new = await desk.write(_ask, desk.means.vault, desk.staff, desk.now)
    said = "开始核对了，结果会显示在这里。" if is_new else "正在核对，请等这一次做完。"
    return desk.go("/audit", said)


def _ask(session: Session, vault: Vault, staff: Staff, now: datetime) -> bool:
    if _status(session, staff).is_working:
        return False
    background.add(session, vault, NewWork(VERIFY, staff.name), now)
    audit.write(session, "trail.checked", at=now, actor=audit.actor_of(staff.name))
    return True


def _topic(session: Session, staff: Staff, _key: str, _now: datetime) -> str:
    if not rights.may(staff, Right.AUDIT):
        raise NotHere
    found = _status(session, staff)
    work = found.work
    state = f"{work.number}{work.state}{work.done}" if work else ""
    return f"{found.head.number} {state}"


TOPICS = {"trail": _topic}
PAGES = (
    Page("GET", "/audit", trail, Right.AUDIT, menu="audit"),
    Page("POST", "/audit/check", check, Right.AUDIT),
)
