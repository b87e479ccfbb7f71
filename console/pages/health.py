"""How it runs: channels, what waits, jobs and their last runs, refusals, room on the disk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from console.desk import Desk
from console.page import Page
from records import audit_chain, rights, vitals
from records.database import Session
from records.rights import Right
from records.runs import DIED, JobRun, State
from records.staff_accounts import Staff
from records.vitals import Refusal, Size

WAITS = {
    "queued": "排队等发",
    "sending": "正在发",
    "held": "等对方先说话",
    "paused": "暂停了",
}
_LITTLE = 2 * 1024**3  # bytes free, below which it is said


@dataclass(frozen=True, slots=True)
class Vitals:
    """What is looked at in the store."""

    waiting: dict[str, int]
    unanswered: int
    oldest: datetime | None
    gaps: int
    refusals: list[Refusal]
    jobs: list[JobRun]
    size: Size
    unsealed: int

    @property
    def is_full(self) -> bool:
        return self.size.free is not None and self.size.free < _LITTLE


async def health(desk: Desk) -> web.StreamResponse:
    """Everything at once."""
    channels = await desk.means.health() if desk.means.health is not None else {}
    return desk.render(
        "system/health.html",
        found=await desk.read(_found, desk.now),
        parts=sorted(channels.items()),
        waits=WAITS,
        outcome=outcome,
    )


def outcome(run: JobRun) -> tuple[str, str]:
    """How a run went, as it is shown, with its tone."""
    if run.state == State.RUNNING:
        return "正在做", "info"
    if run.state == State.DONE and not run.fault:
        return "做完了", "good"
    return ("中途断了" if run.fault == DIED else f"没做成：{run.fault}"), "bad"


def _found(session: Session, now: datetime) -> Vitals:
    unanswered, oldest = vitals.unanswered(session)
    return Vitals(
        waiting=vitals.waiting(session),
        unanswered=unanswered,
        oldest=oldest,
        gaps=vitals.open_gaps(session),
        refusals=vitals.refusals(session, now),
        jobs=vitals.jobs(session),
        size=vitals.size(session),
        unsealed=audit_chain.unsealed(session),
    )


def _version(session: Session, staff: Staff, _key: str, _now: datetime) -> str:
    if not rights.may(staff, Right.HEALTH):
        return ""
    return f"{vitals.waiting(session)} {vitals.unanswered(session)[0]} {vitals.beat(session)}"


TOPICS = {"health": _version}
PAGES = (Page("GET", "/health", health, Right.HEALTH, menu="health"),)
