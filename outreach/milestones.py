"""The day on which a licence is as old as a rule asks: whom it concerns is told then, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from knowledge.compose import NO_PHONE, cited, spoken_day
from knowledge.entry import Entry, Kind, Status
from knowledge.shelf import Library
from matching.conditions import Clause, Condition, from_rules
from matching.eligibility import LOANS
from matching.facts import add_months, from_answers
from outreach.calendars import CHINA
from outreach.pieces import LONGEST, MOST_LINES
from outreach.texts import say
from records import licences, person_facts, reminders
from records.database import Database, Session
from records.licences import Licensed
from records.reminders import Reminder
from records.vault import Vault

_TOGETHER = 200  # people in one transaction, so that nobody's turn waits for all of them
_KNOWN_TO = timedelta(days=31)  # a licence's day is known, or at least its month
_SAID_FOR = timedelta(days=14)
_NINE = time(9, 0)
_BEGIN = "licence"
_TOLD = frozenset({Status.IN_FORCE, Status.NOT_STATED})
_LACKS_MONEY = "capital"  # others are not nudged to borrow (domain G-14)


@dataclass(frozen=True, slots=True)
class Milestone:
    """An entry with a rule that a licence be so many months old."""

    entry: Entry
    condition: Condition
    clause: Clause
    months: int


def of_library(library: Library, today: date) -> tuple[Milestone, ...]:
    """Every such rule of the entries that are in force."""
    return tuple(
        Milestone(entry, condition, clause, clause.value)
        for entry in library.entries.values()
        if _holds_for_all(entry) and entry.is_served(today)
        for condition in (from_rules(entry.rules),)
        for clause in condition.clauses
        if clause.attr == "months_operating"
        and clause.is_readable
        and clause.defined
        and isinstance(clause.value, int)
    )


async def plan_all(
    database: Database, vault: Vault, library: Library, now: datetime
) -> dict[str, int]:
    """Plan what is to come for everybody with a licence; what no longer holds is not said."""
    found = of_library(library, now.astimezone(CHINA).date())
    planned: set[str] = set()
    last = ""
    while True:
        some = await database.read(licences.with_licence, last, _TOGETHER)
        if not some:
            break
        planned |= await database.run(_plan_some, vault, library, found, some, now)
        last = some[-1].person_id
    gone = await database.run(reminders.keep_only, f"{_BEGIN}/", planned, now)
    return {"planned": len(planned), "dropped": gone}


def _plan_some(
    session: Session,
    vault: Vault,
    library: Library,
    milestones: Sequence[Milestone],
    some: Sequence[Licensed],
    now: datetime,
) -> set[str]:
    facts = person_facts.of(session, [one.person_id for one in some])
    planned = set()
    for one in some:
        for each in due_to(one, facts.get(one.person_id, {}), milestones, library, now):
            reminders.plan(session, vault, each, now)
            planned.add(each.key)
    return planned


def due_to(
    one: Licensed,
    told: Mapping[str, object],
    milestones: Sequence[Milestone],
    library: Library,
    now: datetime,
) -> Iterator[Reminder]:
    """What somebody is to be told of their licence, if nothing they said speaks against it."""
    if one.last - one.first > _KNOWN_TO:
        return
    lineage = set(library.areas.lineage(one.area))
    for each in milestones:
        day = add_months(one.last, each.months)
        due = datetime.combine(day, _NINE, CHINA)
        until = due + _SAID_FOR
        is_theirs = _place_of(each.entry, library) <= lineage and _may_be_told(each.entry, one)
        verdict = each.condition.holds(from_answers(told), due)
        if is_theirs and now < due and not verdict.is_final_no:
            text = words(each, library, day)
            key = f"{_BEGIN}/{one.person_id}/{each.months}/{_short(each.entry.id)}"
            whom = reminders.to_person(one.person_id)
            yield Reminder(key, whom, reminders.Kind.MILESTONE, due, until, text)


def words(each: Milestone, library: Library, day: date) -> str:
    """What is said: the day, the rule as it is printed, who decides, the paper; no promise."""
    entry, paper = each.entry, library.document(each.entry.area, each.entry.source)
    sources = [cited(paper), spoken_day(paper.date[:4])] if paper else [""]
    for source in sources:
        text = _said(
            entry,
            day=f"{day.month}月{day.day}日",
            months=each.months,
            what=entry.matter or entry.title,
            rule=each.clause.printed,
            agency=entry.agency or say("milestone.office"),
            source=source,
            phone=entry.phone or NO_PHONE,
        )
        if len(text) <= LONGEST and text.count("\n") < MOST_LINES:
            break
    return text


def _said(entry: Entry, **values: object) -> str:
    if entry.status is Status.IN_FORCE:
        return say("milestone.full", **values)
    return say("milestone.unsure", **values)  # the paper does not say whether it still holds


def _holds_for_all(entry: Entry) -> bool:
    is_claim = entry.kind is Kind.POLICY and entry.status in _TOLD
    return is_claim and bool(entry.rules) and entry.area.isdigit()


def _place_of(entry: Entry, library: Library) -> set[str]:
    """The area that it holds in, or the county that it names."""
    return {entry.area, *(area.code for area in library.areas.find(entry.title))}


def _may_be_told(entry: Entry, one: Licensed) -> bool:
    return entry.matter not in LOANS or _LACKS_MONEY in one.lacks


def _short(name: str) -> str:
    return sha256(name.encode()).hexdigest()[:12]
