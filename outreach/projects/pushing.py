"""The projects that people are told of unasked: one card in two weeks, with why (S1-25, P-10)."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from knowledge.areas import Gazetteer
from matching.aspects import View
from matching.codes import Category, Reach
from matching.nightly import decide
from matching.picking import NONE
from matching.profiles import lines_not_wanted, refused_lines, seeker_of
from matching.projects import Project, Seeker
from matching.reasons import explain
from matching.weights import our_rules
from outreach.calendars import CHINA, day_of, is_quiet
from outreach.caps import FORTNIGHT
from outreach.pieces import LONGEST, MOST_LINES
from outreach.projects import cards, stocking
from outreach.projects.stocking import Where
from outreach.pushes import a_push, reach
from outreach.reach import ALL, Lines
from outreach.texts import say
from records import outbox, people, project_people, projects, pushes
from records.database import Database, Session
from records.messages import Option
from records.outbox import NewOutgoing
from records.project_people import Candidate, Showing, Way
from records.projects import ProjectKind, ProjectRow, ProjectState, Provenance
from records.vault import Vault

log = logging.getLogger("guiyan.projects")

_TOGETHER = 200  # people queued in one transaction, so that nobody's turn waits for all of them
_READ = 2_000
_SHOWABLE = (ProjectState.PUBLISHED,)
_PROJECTS = (ProjectKind.PROJECT,)
_WIDE = "other_county"


@dataclass(frozen=True, slots=True)
class _Field:
    """Whom the projects of a place are decided for, and with what eyes they are looked at."""

    seekers: tuple[Seeker, ...]
    accounts: Mapping[str, str]
    projects: tuple[Project, ...]
    view: View


@dataclass(frozen=True, slots=True)
class _Pick:
    """What one person is to be told of, and how many more there are for them."""

    seeker: Seeker
    project: Project
    others: int


async def push(
    database: Database, vault: Vault, places: Gazetteer, now: datetime, lines: Lines = ALL
) -> dict[str, int]:
    """Tell whom something fits; by day only. How many were looked at, and how many told."""
    counts = Counter(people=0, told=0)
    if is_quiet(now):
        return dict(counts)
    areas = await database.read(project_people.candidate_areas)
    for area in areas:
        counts.update(await _one(database, vault, places, now, areas=[area], lines=lines))
    wide = await _one(database, vault, places, now, areas=areas, lines=lines, is_wide=True)
    counts.update(wide)
    return dict(counts)


async def _one(
    database: Database,
    vault: Vault,
    places: Gazetteer,
    now: datetime,
    *,
    areas: Sequence[str],
    lines: Lines,
    is_wide: bool = False,
) -> Counter[str]:
    """The people of a county with its projects; or who takes any county, with all there are."""
    found = await database.read(_field, areas, now, is_wide)
    if not found.seekers or not found.projects:
        return Counter(people=len(found.seekers))
    picks = await asyncio.to_thread(_decided, found)
    told = 0
    for start in range(0, len(picks), _TOGETHER):
        some = picks[start : start + _TOGETHER]
        told += await database.run(_queue, vault, some, found, places, now, lines)
    return Counter(people=len(found.seekers), told=told)


def _field(session: Session, areas: Sequence[str], now: datetime, is_wide: bool) -> _Field:
    counties = None if is_wide else areas
    rows = projects.within(session, counties, states=_SHOWABLE, kinds=_PROJECTS)
    offered = [stocking.project_of(row) for row in rows]
    view = stocking.view(session, Where.of(offered), now, is_push=True)
    if not offered:
        return _Field((), {}, (), view)
    since = day_of(now) - timedelta(days=FORTNIGHT - 1)
    lately = project_people.lately_recommended(session, since)
    chosen = [
        one
        for area in areas
        for one in project_people.candidates(session, area)
        if (one.codes.get(_WIDE) == "yes") is is_wide and not lately & {one.account, one.person_id}
    ]
    seekers: list[Seeker] = []
    for start in range(0, len(chosen), _READ):
        seekers += _seekers(session, chosen[start : start + _READ], since, now)
    accounts = {one.person_id: one.account for one in chosen}
    return _Field(tuple(seekers), accounts, tuple(offered), view)


def _seekers(
    session: Session, some: Sequence[Candidate], since: datetime, now: datetime
) -> Iterable[Seeker]:
    """Those who may be told and were told of nothing lately, as a ranking sees them."""
    ids = [one.person_id for one in some]
    rules, today = our_rules(), now.astimezone(CHINA).date()
    wanting, told = pushes.wanting(session, ids, now), project_people.pushed(session, ids)
    no = project_people.refusals(session, ids, now - timedelta(rules.limits["refusal_days"] + 1))
    alone = _alone(session, some)
    for one in some:
        before = told.get(one.person_id, [])
        is_due = one.person_id in wanting and one.account in alone
        if is_due and all(at < since for _, at in before):
            lines = [(Category(line), at.date()) for line, at in no.get(one.person_id, ())]
            yield seeker_of(
                one.codes,
                id=one.person_id,
                county=one.area,
                town=one.town,
                reach=Reach.AGREED,
                refused=refused_lines(lines, today, rules)
                | lines_not_wanted(one.codes, today, rules),
                seen=frozenset(project for project, _ in before),
            )


def _alone(session: Session, some: Sequence[Candidate]) -> frozenset[str]:
    """The accounts on which nobody else would read it (domain P-30)."""
    owners = {one.account: one.person_id for one in some}
    found = people.on_accounts(session, list(owners))
    return frozenset(key for key, ids in found.items() if ids == {owners[key]})


def _decided(found: _Field) -> list[_Pick]:
    night = decide(found.seekers, found.projects, found.view, told=1)
    picks = []
    for number, seeker in enumerate(found.seekers):
        mine = [night.projects[n] for n in night.picks[number] if n != NONE]
        if mine:
            picks.append(_Pick(seeker, mine[0], len(mine) - 1))
    for project, wanted in zip(night.projects, night.wanted, strict=True):
        if wanted > found.view.rules.cap(project.slots):
            log.info("wanted beyond its cap", extra={"project": project.id, "wanted": int(wanted)})
    return picks


def _queue(
    session: Session,
    vault: Vault,
    picks: Sequence[_Pick],
    found: _Field,
    places: Gazetteer,
    now: datetime,
    lines: Lines,
) -> int:
    """Queue each card to whom it may go now, and keep what was told with its reasons."""
    accounts = [found.accounts[pick.seeker.id] for pick in picks]
    may = reach(session, vault, accounts, now, lines)
    state = {str(row.number): row for row in _still(session, {p.project.id for p in picks})}
    messages: list[NewOutgoing] = []
    shown: list[Showing] = []
    for pick, account in zip(picks, accounts, strict=True):
        row = state.get(pick.project.id)
        if account not in may.now or row is None:
            continue
        match = explain(pick.seeker, pick.project, found.view)
        if not match.reasons:
            continue  # what cannot say why is not recommended (P-10)
        texts = cards.unasked(match, _place(pick.project, places), is_demo=_is_demo(row))
        address, key = may.account(account), f"project/{row.number}/{pick.seeker.id}/{now:%y%m%d}"
        messages += _messages(vault, address, key, _with_more(texts, pick.others), row, now)
        shown.append(Showing(pick.seeker.id, row.number, cards.shown(match)))
    outbox.enqueue(session, messages)
    project_people.note_shown(session, shown, Way.PUSH, now)
    return len(shown)


def _messages(
    vault: Vault, address: str, key: str, texts: Sequence[str], row: ProjectRow, now: datetime
) -> list[NewOutgoing]:
    wants, refuses = say("project.interested"), say("project.refused")
    options = (
        Option(wants, f"{wants}{row.number}号项目"),
        Option(refuses, f"{refuses}{row.number}号项目"),
        Option(say("project.stop"), say("answered.stop_word")),
    )
    last = len(texts) - 1
    return [
        a_push(
            vault,
            address,
            text,
            key=f"{key}/{n + 1}" if n else key,
            now=now,
            options=options if n == last else (),
        )
        for n, text in enumerate(texts)
    ]


def _with_more(texts: Sequence[str], others: int) -> Sequence[str]:
    if not others:
        return texts
    more = say("project.more", count=others)
    longer = f"{texts[-1]}\n{more}"
    fits = len(longer) <= LONGEST and longer.count("\n") < MOST_LINES
    return (*texts[:-1], longer) if fits else texts


def _still(session: Session, numbers: Collection[str]) -> list[ProjectRow]:
    """Those that are published at this very moment."""
    rows = (projects.find(session, int(number)) for number in numbers)
    return [row for row in rows if row and row.state == ProjectState.PUBLISHED.value]


def _is_demo(row: ProjectRow) -> bool:
    return row.provenance == Provenance.DEMO.value


def _place(project: Project, places: Gazetteer) -> str:
    area = places.area(project.county)
    names = [name for town in project.towns if (name := stocking.town_name(town))]
    return (area.short if area else "") + (names[0] if names else "")
