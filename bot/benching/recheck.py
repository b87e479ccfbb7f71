"""How fast everyone registered is held against a new policy, and how rightly: of `bench match`."""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.benching.program import BenchFailure
from knowledge.library import Library, load_library, our_shelf
from matching import sql
from matching.conditions import from_rules
from matching.eligibility import Policy, check
from matching.facts import Entity, Insurance, LoanKind, from_answers, from_profile
from outreach import recheck
from records import person_facts, pushes, rechecks, schema
from records.consents import PUSH, Consent
from records.conversations import Conversation
from records.database import Database, Session, StoreUnavailable
from records.people import Person
from records.person_facts import PersonFacts
from records.policies import PageVersion, Stage
from records.vault import Vault

PEOPLE = 380_000  # who worked outside in the campaign's city
GOAL_SECONDS = 10
SAMPLE = 5_000
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
TODAY = NOW.date()
AREA, ENTRY = "371703", "dingtao-startup-subsidy-amount"
PATH = f"dingtao/policies/{ENTRY}.toml"
_CHUNK = 10_000
_NEW = "dingtao/policies/dingtao-bench-subsidy.toml"


def measure(database_url: str = "", people: int = PEOPLE) -> dict[str, Any]:
    """Seconds to re-check everyone, and disagreements of memory and SQL over a sample."""
    if database_url:
        return asyncio.run(_measured(database_url, people))
    with tempfile.TemporaryDirectory(prefix="guiyan-bench-") as folder:
        return asyncio.run(_measured(f"sqlite:///{folder}/match.db", people))


async def _measured(url: str, people: int) -> dict[str, Any]:
    library = load_library()
    try:
        database = Database(url)
        try:
            return await _figures(database, library, people)
        finally:
            await database.close()
    except (StoreUnavailable, ValueError) as fault:
        raise BenchFailure(str(fault)) from fault


async def _figures(database: Database, library: Library, people: int) -> dict[str, Any]:
    await schema.migrate(database)
    if await database.read(pushes.areas):
        raise BenchFailure("this database holds people: name an empty one for the bench")
    await _fill(database, people)
    _say("deciding whom the policy newly fits")
    began = time.perf_counter()
    (released,) = await database.read(rechecks.waiting)
    found = recheck.promise_of(released, library)
    if found is None:
        raise BenchFailure(f"{ENTRY} promises nothing: the bench needs an entry in force")
    ids = await database.read(recheck.newly, found, [AREA], NOW)
    decided = time.perf_counter()
    _say(f"deciding once more and queueing {len(ids):,} messages")
    counts = await recheck.recheck(database, Vault("bench"), library, NOW)
    done = time.perf_counter()
    _say(f"holding memory against SQL for {SAMPLE:,} people")
    return {
        "database": database.url.get_backend_name(),
        "people": people,
        "newly_fitting": len(ids),
        "decided_seconds": round(decided - began, 2),
        "decided_and_queued_seconds": round(done - decided, 2),
        "seconds_goal": GOAL_SECONDS,
        "queued": counts["told"],
        **await _disagreements(database, library),
    }


async def _fill(database: Database, people: int) -> None:
    draw = random.Random(20_261_122)  # made people, the same each time
    for start in range(0, people, _CHUNK):
        made = min(_CHUNK, people - start)
        await database.run(_add_people, start, made, draw)
        _say(f"made {start + made:,} of {people:,} people")
    await database.run(_add_page)


def _say(what: str) -> None:
    """How far it is: minutes go by before there is a figure."""
    sys.stderr.write(f"bench match: {what}\n")
    sys.stderr.flush()


def _add_people(session: Session, start: int, count: int, draw: random.Random) -> None:
    made = [_person(number, draw) for number in range(start, start + count)]
    connection = session.connection()
    for model, rows in zip((Person, Conversation, Consent, PersonFacts), zip(*made, strict=True),
                           strict=True):  # fmt: skip
        connection.execute(model.__table__.insert(), list(rows))  # type: ignore[attr-defined]


def _person(number: int, draw: random.Random) -> Iterator[dict[str, Any]]:
    """Rows of somebody: nine of ten agreed to pushes, four of ten told of their business."""
    who, account = f"made{number:07}", f"bench:{number}"
    moments = {"created_at": NOW, "updated_at": NOW}
    codes: dict[str, Any] = {
        "away_half_year": draw.choice(["half_year", "less"]),
        "lacks": ["site"],
    }
    if draw.random() < 0.2:
        codes |= {"biz_licence": draw.choice(["yes", "no"]), "biz_months": draw.randint(1, 60)}
    yield {"id": who, "account": account, "entered_by": "", "status": "confirmed",
           "source": "chat", "basis": "", "area": AREA, "phone_print": who, "codes": codes,
           "sealed": b"", "is_personal": True, **moments}  # fmt: skip
    yield {"key": account, "channel": "bench", "chat": str(number), "is_group": False,
           "version": 1, "state": b"", "area": AREA, "unreachable": "", **moments}  # fmt: skip
    yield {"person_id": who, "kind": PUSH, "given": draw.random() < 0.9, "version": "1",
           "channel": "bench", "given_at": NOW}  # fmt: skip
    yield {"person_id": who, "told_at": NOW, **_told(draw)}


def _told(draw: random.Random) -> dict[str, Any]:
    days = _licence(draw)
    return {
        "is_returnee": draw.choice([None, True, True, False]),
        "first_registration": draw.choice([None, True, True, False]),
        "entity_type": draw.choice([None, *(entity.value for entity in Entity)]),
        "registered_first": days[0],
        "registered_last": days[1],
        "headcount_incl_founder": draw.choice([None, 1, 2, 5, 19, 20]),
        "contracts_1y": draw.choice([None, 0, 1, 7]),
        "contracts_signed": draw.choice([None, True, False]),
        "social_insurance": draw.choice([None, *(paid.value for paid in Insurance)]),
        "loan_kind": draw.choice([None, None, *(kind.value for kind in LoanKind)]),
        "titles": draw.choice(["", "", "|雁归宜昌项目|"]),
        "no_titles": draw.choice(["", "|市级示范项目|"]),
        "unsure": draw.choice(["", "", "|registered_on|"]),
    }


def _licence(draw: random.Random) -> tuple[date | None, date | None]:
    if draw.random() < 0.3:
        return None, None
    first = TODAY - timedelta(draw.randint(0, 1_200))
    return first, min(TODAY, first + timedelta(draw.choice([0, 0, 29])))


def _add_page(session: Session) -> None:
    """The subsidy of a paper under another name: new, so that it is compared with nothing."""
    text = (our_shelf().shipped(PATH) or "").replace(ENTRY, "dingtao-bench-subsidy")
    session.add(
        PageVersion(path=_NEW, number=1, stage=Stage.LIVE, text=text, made_at=NOW, live_at=NOW)
    )


async def _disagreements(database: Database, library: Library) -> dict[str, Any]:
    policies = [
        Policy(id=entry.id, matter=entry.matter, condition=from_rules(entry.rules))
        for entry in library.entries.values()
        if entry.rules
    ]
    return {
        "rules_compared": len(policies),
        "people_compared": SAMPLE,
        "disagreements": await database.read(_different, policies),
        "disagreements_goal": 0,
    }


def _different(session: Session, policies: list[Policy]) -> int:
    """How often memory and SQL say something else of the first people."""
    table, rows = Person.__table__, sql.registered(TODAY)  # type: ignore[attr-defined]
    first = table.select().order_by(table.c.id).limit(SAMPLE)
    codes = {row.id: row.codes for row in session.execute(first)}
    told = person_facts.of(session, list(codes))
    facts = {who: from_answers(told[who], from_profile(codes[who], TODAY)) for who in codes}
    different = 0
    for policy in policies:
        kind = sql.kind(policy, rows.columns, NOW)
        query = rows.source.select().with_only_columns(table.c.id, kind).order_by(table.c.id)
        found = session.execute(query.limit(SAMPLE))
        different += sum(said != check(policy, facts[who], NOW).kind for who, said in found)
    return different
