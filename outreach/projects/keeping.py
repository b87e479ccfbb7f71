"""The way of a project: draft, checked by another, published, verified again, paused, closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from matching.codes import Evidence
from matching.weights import our_rules
from outreach.calendars import CHINA
from records import projects, pushes
from records.database import Session
from records.projects import ProjectReview, ProjectRow, ProjectState, Provenance
from registry.offers import missing, offer_of

QUESTIONS = {  # of the expert's form (S3-22); each is marked 0 no, 1 partly, 2 yes
    "is_real": "谁办、在哪办、联系人都核实过",
    "money": "本钱、回本时间算得合情理",
    "sales": "销路说得清，有人收或者有市场",
    "risk": "风险写全了，没有夸大",
    "fits_people": "返乡的人干得了，要的证和手艺写清楚了",
    "no_fees": "不收加盟费、押金、培训费",
}
HARD = ("is_real", "risk", "no_fees")  # a 0 here never passes
WAYS = {  # from which states each act may be done
    "review": {ProjectState.DRAFT},
    "publish": {ProjectState.CHECKED, ProjectState.PAUSED},
    "verify": {ProjectState.CHECKED, ProjectState.PUBLISHED, ProjectState.PAUSED},
    "pause": {ProjectState.PUBLISHED},
    "close": set(ProjectState) - {ProjectState.CLOSED},
    "edit": set(ProjectState) - {ProjectState.CLOSED},
}
WARN_DAYS = 14
EDITS = ("entered", "edited")  # acts after which another one has to review


class ProjectRefusal(Exception):
    """What was asked for may not be done with a project; one sentence for operators.

    `said` is the same for pages, in Chinese.
    """

    def __init__(self, text: str, said: str) -> None:
        super().__init__(text)
        self.said = said


@dataclass(frozen=True, slots=True)
class Form:
    """An expert's form, filled in."""

    marks: Mapping[str, int]
    note: str = ""
    is_back: bool = False  # to be mended first, whatever the marks

    @property
    def passes(self) -> bool:
        """Nothing hard fails, and on the whole it is more yes than partly."""
        sound = all(self.marks.get(name, 0) > 0 for name in HARD)
        return not self.is_back and sound and sum(self.marks.values()) >= len(QUESTIONS)


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What a day's look at the library found: projects that were paused, and that soon will be."""

    paused: tuple[ProjectRow, ...] = ()
    soon: Mapping[int, date] = field(default_factory=dict)  # by number, the last good day


def get(session: Session, number: int) -> ProjectRow:
    """The project of this number; refused where there is none."""
    row = projects.find(session, number)
    if row is None:
        raise ProjectRefusal(
            f"there is no project {number}: guiyan projects list", "没有这个项目。"
        )
    return row


def review(session: Session, number: int, form: Form, *, by: str, now: datetime) -> bool:
    """Keep an expert's form; whether the project is checked with it."""
    row = _allowed(session, number, "review")
    if unknown := set(form.marks) ^ set(QUESTIONS):
        raise ProjectRefusal(
            f"the form asks {', '.join(QUESTIONS)}: not right: {sorted(unknown)}",
            "审核表每一条都要选。",
        )
    if by == projects.latest_editor(session, row, EDITS):
        raise ProjectRefusal(
            f"{number} was entered by the same person: another one reviews it",
            "自己录的项目要由另一位同事审。",
        )
    faults = list(missing(offer_of(row), _day(now)))
    if faults and form.passes:
        told = "；".join(faults)
        raise ProjectRefusal(f"{number} is not complete: {told}", f"还不完整：{told}。")
    verdict = "pass" if form.passes else "back"
    projects.keep_review(
        session,
        ProjectReview(
            project_id=row.number,
            version=row.version,
            reviewer=by[:60],
            verdict=verdict,
            marks=dict(form.marks),
            note=form.note[:200],
            at=now,
        ),
    )
    values = {"state": ProjectState.CHECKED.value, "evidence": Evidence.EXPERT_REVIEWED.value}
    act = "checked" if form.passes else "sent_back"
    kept = values if form.passes else {}
    projects.change(session, row, kept, act=act, by=by, at=now, note=form.note)
    return form.passes


def publish(session: Session, number: int, *, by: str, now: datetime) -> None:
    """Show it to people from now on; what is published was verified, today if never before."""
    row = _allowed(session, number, "publish")
    today = _day(now)
    if row.expires_on is None or row.expires_on < today:
        raise ProjectRefusal(
            f"{number} has expired: guiyan projects verify {number} --until DAY",
            "有效期过了：先核实，写上新的有效期，再发布。",
        )
    if row.verified_on and _last_verified_day(row.verified_on) < today:
        raise ProjectRefusal(
            f"{number} is unverified for long: guiyan projects verify {number}",
            "太久没有核实：先核实，再发布。",
        )
    values = {
        "state": ProjectState.PUBLISHED.value,
        "published_on": today,
        "verified_on": row.verified_on or today,
    }
    projects.change(session, row, values, act="published", by=by, at=now)


def verify(
    session: Session, number: int, *, by: str, now: datetime, until: date | None = None
) -> None:
    """Somebody asked again and it still holds; `until` is its new last day."""
    row = _allowed(session, number, "verify")
    if until is not None and until < _day(now):
        raise ProjectRefusal("--until takes a day that is not over", "有效期要写还没有过的日子。")
    values: dict[str, object] = {"verified_on": _day(now)}
    if until is not None:
        values["expires_on"] = until
    projects.change(session, row, values, act="verified", by=by, at=now)


def pause(session: Session, number: int, *, by: str, now: datetime, note: str) -> None:
    """Not shown for the time being; what was queued of it is not sent."""
    row = _allowed(session, number, "pause")
    _stop(session, row, ProjectState.PAUSED, by=by, now=now, note=note)


def close(session: Session, number: int, *, by: str, now: datetime, note: str) -> None:
    """Over for good."""
    row = _allowed(session, number, "close")
    _stop(session, row, ProjectState.CLOSED, by=by, now=now, note=note)


def edit(
    session: Session, number: int, values: Mapping[str, object], *, by: str, now: datetime
) -> None:
    """Change what it offers: a new version, which is checked again before anybody sees it."""
    row = _allowed(session, number, "edit")
    pushes.drop(session, _key(row), now)
    own = row.provenance == Provenance.PERSON.value
    evidence = Evidence.UNVERIFIED if own else Evidence.DEPT_SUPPLIED
    back = {"state": ProjectState.DRAFT.value, "evidence": evidence.value}
    projects.change(session, row, {**values, **back}, act="edited", by=by, at=now)


def look_after(session: Session, now: datetime) -> Upkeep:
    """Pause what nobody verified in time or what has expired; name what soon will be."""
    today = _day(now)
    horizon = today + timedelta(WARN_DAYS)
    longest = timedelta(our_rules().limits["verified_days"])
    paused, soon = [], {}
    for row in projects.due(session, verified_by=horizon - longest, expired_by=horizon):
        last = last_day(row)
        if last < today:
            note = "expired" if row.expires_on and row.expires_on < today else "not verified"
            _stop(session, row, ProjectState.PAUSED, by="system", now=now, note=note)
            paused.append(row)
        else:
            soon[row.number] = last
    return Upkeep(tuple(paused), soon)


def last_day(row: ProjectRow) -> date:
    """The last day on which a published project may be shown."""
    days = [day for day in (row.expires_on,) if day]
    verified = row.verified_on or date.min + timedelta(1)
    return min([*days, _last_verified_day(verified)])


def _last_verified_day(verified: date) -> date:
    return verified + timedelta(our_rules().limits["verified_days"])


def _stop(
    session: Session, row: ProjectRow, state: ProjectState, *, by: str, now: datetime, note: str
) -> None:
    projects.change(
        session, row, {"state": state.value}, act=state.value, by=by, at=now, note=note
    )
    pushes.drop(session, _key(row), now)


def _key(row: ProjectRow) -> str:
    """How the keys of messages begin that push a project."""
    return f"project/{row.number}"


def _allowed(session: Session, number: int, act: str) -> ProjectRow:
    row = get(session, number)
    if ProjectState(row.state) not in WAYS[act]:
        raise ProjectRefusal(
            f"{number} is {row.state}: it cannot be {_DONE[act]} from there",
            "项目的状态变了，现在不能这样做，请刷新看看。",
        )
    return row


_DONE = {
    "review": "reviewed",
    "publish": "published",
    "verify": "verified",
    "pause": "paused",
    "close": "closed",
    "edit": "edited",
}


def _day(now: datetime) -> date:
    return now.astimezone(CHINA).date()
