"""One person's file in one snapshot, as far as the reader's post may know it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from handlers import by_staff
from handlers.forms import course
from handlers.forms.form import Question
from handlers.helping import holdings
from handlers.helping.holdings import Held
from outreach.calendars import CHINA
from outreach.helping import relaying
from outreach.helping.assigning import names, with_room
from records import assignments, audit, outbox, people, relays, scope, standings
from records.assignments import Assigned, Help
from records.audit import AuditRow
from records.consents import Consent
from records.database import Session
from records.people import Change, Profile, Source
from records.rights import Post, Right, may, post_of
from records.scope import Spot
from records.staff_accounts import Staff
from records.vault import Vault, VaultError
from records.visits import Visit
from registry import marks
from registry.marks import Mark

_LEVELS = {Post.CADRE: "village", Post.CLERK: "town", Post.MENTOR: "mentor"}
_READERS, _MESSAGES, _OLDER = 50, 50, 20
_CONSENTS, _VISITS = Consent.__table__, Visit.__table__  # type: ignore[attr-defined]
_OUTBOX = outbox.OutboxRow.__table__  # type: ignore[attr-defined]
_PEOPLE = people.Person.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Answer:
    """A field with what is held, where it comes from, and what was held before."""

    name: str
    label: str
    value: str
    source: Source | None = None
    at: datetime | None = None
    before: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """Everything that one page shows of a person."""

    profile: Profile
    spot: Spot
    answers: tuple[Answer, ...]
    held: Held
    visits: tuple[int, ...]  # the numbers of held.visits, in their order
    helpers: tuple[Assigned, ...]
    room: Mapping[Help, Sequence[str]]
    consents: tuple[Consent, ...]
    marks: Mapping[str, Mark]
    readers: tuple[AuditRow, ...]
    shows_phone: bool
    updated_at: datetime


def file_of(session: Session, vault: Vault, staff: Staff, person_id: str, now: datetime) -> File:
    """The file of somebody in reach."""
    profile = people.by_ids(session, vault, [person_id])[person_id]
    memory = people.memory_of(session, vault, person_id)
    held = holdings.of_people(session, vault, [profile])[person_id]
    post = post_of(staff)
    spot = scope.spots(session, [person_id])[person_id]
    is_whole = may(staff, Right.ENTITIES)
    given = tuple(_consents(session, person_id)) if is_whole else ()
    helpers = assignments.of_people(session, [person_id]).get(person_id, ())
    updated = people.told_at(session, [person_id])[person_id]
    return File(
        profile=profile,
        spot=spot,
        answers=tuple(_answers(profile, memory, post)),
        held=held if is_whole else narrowed(held),
        visits=_visit_numbers(session, person_id),
        helpers=helpers,
        room=_room(session, spot) if may(staff, Right.ASSIGN) else {},
        consents=given,
        marks=_marks(session, profile, updated, now) if is_whole else {},
        readers=_readers(session, staff, person_id),
        shows_phone=_may_see_phone(session, staff, helpers),
        updated_at=updated,
    )


def narrowed(held: Held) -> Held:
    """What a cadre or a mentor may read of it: contacts and what is next, nothing of money."""
    return replace(Held(), visits=held.visits, due=held.due, tags=held.tags, booked=held.booked)


def level_of(post: Post) -> str:
    """The reader that questions of the form name for a post."""
    return _LEVELS.get(post, "county")


def may_read(question: Question, post: Post) -> bool:
    """Whether the answer to a question is for this post."""
    return level_of(post) in question.readers


def shown(question: Question, answers: Mapping[str, Any]) -> str:
    """An answer in words; "" where there is none."""
    return course.shown(question, answers)


def messages(session: Session, vault: Vault, person_id: str) -> list[tuple[datetime, str, str]]:
    """The newest that were sent to them: when, in which state, what it says."""
    account = people.account_of(session, person_id)
    if not account or len(people.on_accounts(session, [account])[account]) > 1:
        return []  # others read there too: whose message it was cannot be told
    query = select(_OUTBOX).where(_OUTBOX.c.conversation == account)
    rows = session.execute(query.order_by(_OUTBOX.c.id.desc()).limit(_MESSAGES))
    return [(row.due, str(row.state), _text(vault, row.payload)) for row in rows]


def _text(vault: Vault, payload: bytes) -> str:
    if not payload:
        return ""
    try:
        content = vault.open(payload)
    except VaultError:
        return ""
    return str(content.get("text") or "") if isinstance(content, dict) else ""


def _answers(profile: Profile, memory: Sequence[Change], post: Post) -> list[Answer]:
    found: list[Answer] = []
    live = course.live(by_staff.form(), profile.answers)
    for question in by_staff.questions():
        past = [one for one in memory if one.field == question.id]
        value = shown(question, live)
        if not may_read(question, post) or not (value or len(past) > 1):
            continue
        last = past[-1] if past else None
        before = tuple(reversed(past[:-1]))[:_OLDER]
        source, at = (last.source, last.at) if last else (profile.source, None)
        found.append(Answer(question.id, question.label, value, source, at, before))
    return found


def _consents(session: Session, person_id: str) -> list[Consent]:
    query = select(Consent).where(_CONSENTS.c.person_id == person_id)
    return list(session.execute(query.order_by(_CONSENTS.c.id.desc())).scalars())


def _visit_numbers(session: Session, person_id: str) -> tuple[int, ...]:
    query = select(_VISITS.c.id).where(_VISITS.c.person_id == person_id)
    return tuple(session.execute(query.order_by(_VISITS.c.id.desc())).scalars())


def _room(session: Session, spot: Spot) -> dict[Help, list[str]]:
    return {help: names(with_room(session, spot, help)) for help in Help}


def _marks(
    session: Session, profile: Profile, updated: datetime, now: datetime
) -> dict[str, Mark]:
    said = standings.vouched(session, [profile.id], now).get(profile.id)
    return {
        "有愿望": marks.wish(profile.answers, updated, now),
        "有能力": marks.ability(profile.answers, now.astimezone(CHINA).date()),
        "有信誉": marks.trust(said),
    }


def _readers(session: Session, staff: Staff, person_id: str) -> tuple[AuditRow, ...]:
    if not may(staff, Right.AUDIT):
        return ()
    return tuple(audit.found(session, audit.Wanted(subject=person_id), limit=_READERS))


def _may_see_phone(session: Session, staff: Staff, helpers: Sequence[Assigned]) -> bool:
    """Whether a whole phone may be asked for: a mentor only once both have agreed."""
    if not may(staff, Right.REVEAL):
        return False
    if may(staff, Right.ENTER):
        return True
    mine = [one for one in helpers if one.helper == staff.name and one.help is Help.MENTOR]
    leaves = relays.leaves(session, [one.person_id for one in mine])
    return any(
        relaying.shows_phone(one, leave)
        for one in mine
        if (leave := leaves.get((one.person_id, one.helper))) is not None
    )
