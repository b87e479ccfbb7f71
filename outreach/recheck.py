"""When an entry with conditions goes live: tell those whom it newly fits, and nobody else."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import PurePosixPath

from knowledge.entry import Entry, Kind, Status
from knowledge.library import our_shelf
from knowledge.pages import Page
from knowledge.reading import read_entry
from knowledge.references import joined, users
from knowledge.shelf import Library
from matching import sql
from matching.conditions import Condition, from_rules
from matching.eligibility import LOANS, rule_version
from outreach import linked_pushes, promise
from outreach.calendars import CHINA, MORNING, day_of, is_quiet
from outreach.caps import FORTNIGHT, MOST
from outreach.reach import ALL, Lines
from records import outbox, pushes, rechecks
from records.database import Database, Session
from records.messages import Option
from records.pushes import Cap, Push
from records.rechecks import Released
from records.vault import Vault

log = logging.getLogger("guiyan.recheck")

TOGETHER = 2_000  # people queued in one transaction, so that nobody's turn waits for all of them
LACKS_MONEY = "capital"  # the registration's answer; others are not nudged to borrow (G-14)
_KIND = "elig/"
_LONGEST_ID = 80


@dataclass(frozen=True, slots=True)
class Promise:
    """What an entry lets us say to whom it fits; only what is in force lets us say anything.

    `version` is what it is told about once: the number of the page that changed.
    """

    entry: Entry
    condition: Condition
    before: Condition | None  # whom this fitted is not told again
    version: str


async def recheck(
    database: Database, vault: Vault, library: Library, now: datetime, lines: Lines = ALL
) -> dict[str, int]:
    """Hold everyone against the entries released since the last time; by day only."""
    await database.run(_drop_withdrawn, now)
    if is_quiet(now):
        return {}
    counts = Counter(entries=0, told=0)
    for released in await database.read(rechecks.waiting):
        today = now.astimezone(CHINA).date()
        found = promises_of(released, library, today)
        if all(each.entry.is_served(today) for each in found):
            for each in found:
                push = _push(each, vault, library, now)
                done = await _tell(
                    database, library, released, each, push=push, lines=lines, now=now
                )
                counts.update(done)
            await database.run(rechecks.done, released.id, now)
            counts["entries"] += 1
    return dict(counts)


def _drop_withdrawn(session: Session, now: datetime) -> None:
    """What waits for its day must not be told of a policy that is gone."""
    for path in rechecks.withdrawn(session, now - timedelta(days=1)):
        pushes.drop(session, f"{_KIND}{_name(PurePosixPath(path).stem)}", now)


def promise_of(released: Released, library: Library) -> Promise | None:
    """What people can be told of a released entry; None where it promises nothing."""
    entry = entry_of(released.path, released.text, library)
    if entry is None or not _promises(entry):
        return None
    old = _before(released, library)
    before = from_rules(old.rules) if old and _promises(old) else None
    return Promise(entry, from_rules(entry.rules), before, str(released.number))


def promises_of(released: Released, library: Library, today: date) -> list[Promise]:
    """The same, and what follows for entries whose rules tell a figure of the released one."""
    own, old = promise_of(released, library), _before(released, library)
    new = entry_of(released.path, released.text, library)
    found = [own] if own else []
    if new is None or old is None:
        return found
    for user in users(new.id, library.entries.values()):
        now, before = joined(user, {new.id: new}), joined(user, {old.id: old})
        has_ended = now.valid_until is not None and now.valid_until < today
        if _promises(now) and now.rules != before.rules and not has_ended:
            version = f"{hashlib.sha256(new.id.encode()).hexdigest()[:8]}.{released.number}"
            found.append(Promise(now, from_rules(now.rules), from_rules(before.rules), version))
    return found


def _before(released: Released, library: Library) -> Entry | None:
    """The entry that the released one has replaced."""
    shipped = our_shelf().shipped(released.path) if released.follows_shipped else None
    return entry_of(released.path, released.before or shipped or "", library)


def entry_of(path: str, text: str, library: Library) -> Entry | None:
    """The entry that a page states, with the figures that stand in others; None if unreadable."""
    folder = path.split("/")[0]
    area = next((pack.code for pack in library.packs.values() if pack.folder == folder), "")
    page = Page(path, text.encode())
    entry = read_entry(page, area) if text and area and page.is_parsed else None
    return joined(entry, library.entries) if entry and not page.faults else None


def newly(session: Session, found: Promise, places: Sequence[str], now: datetime) -> list[str]:
    """The ids of those whom it fits now and did not fit before, and who may be told."""
    here = now.astimezone(CHINA)
    register = sql.registered(here.date())
    wanted = sql.newly(found.condition, found.before, register.columns, here)
    lacks = LACKS_MONEY if found.entry.matter in LOANS else ""
    return pushes.whom(session, register.source, wanted, places=places, lacks=lacks, now=now)


async def _tell(
    database: Database,
    library: Library,
    released: Released,
    found: Promise,
    *,
    push: Push,
    lines: Lines,
    now: datetime,
) -> Counter[str]:
    """Queue the message in steps that do no harm when done twice."""
    places = _places(found.entry, await database.read(pushes.areas), library)
    ids = await database.read(newly, found, places, now)
    counts: Counter[str] = Counter()
    for start in range(0, len(ids), TOGETHER):
        batch = ids[start : start + TOGETHER]
        counts.update(await database.run(linked_pushes.queue, batch, push, lines, now))
    _note(found, released, fitted=len(ids), told=counts["told"])
    return counts


def _promises(entry: Entry) -> bool:
    """Whether somebody may be told that it fits: in force, with conditions, of a real place."""
    is_claim = entry.kind is Kind.POLICY and entry.status is Status.IN_FORCE
    return is_claim and bool(entry.rules) and entry.area.isdigit()


def _places(entry: Entry, areas: Sequence[str], library: Library) -> list[str]:
    """Those of the places that the entry holds in: its area, or the county that it names."""
    needed = {entry.area, *(area.code for area in library.areas.find(entry.title))}
    return [code for code in areas if code and needed <= set(library.areas.lineage(code))]


def _push(found: Promise, vault: Vault, library: Library, now: datetime) -> Push:
    entry = found.entry
    text = promise.message(entry, library.document(entry.area, entry.source), now)
    stop = Option(promise.STOP, promise.STOP)
    payload = outbox.sealed_content(vault, text, options=(stop,), kind="notice")
    return Push(f"{_KIND}{_name(entry.id)}/{found.version}", payload, now, caps(now))


def caps(now: datetime) -> tuple[Cap, ...]:
    """Nobody is written to too often: it waits for the morning on which it is not.

    M-10 counts whatever we write; of fitting policies people were promised one in two weeks.
    """
    fortnight = day_of(now) - timedelta(days=FORTNIGHT - 1)
    promised = [Cap(fortnight, most, _morning(now, most * FORTNIGHT), _KIND) for most in (3, 2, 1)]
    all_of_them = [
        Cap(day_of(now) - timedelta(days=span - 1), most, _morning(now, span))
        for span, most in MOST
    ]
    return tuple(sorted([*promised, *all_of_them], key=lambda cap: cap.due, reverse=True))


def _morning(now: datetime, days: int) -> datetime:
    """The end of the quiet hours so many days on; a day later where that is the festival."""
    here = day_of(now).astimezone(CHINA) + timedelta(days=days)
    at = here.replace(hour=MORNING.hour, minute=MORNING.minute)
    return _morning(now, days + 1) if is_quiet(at) else at


def _name(entry: str) -> str:
    return entry if len(entry) <= _LONGEST_ID else hashlib.sha256(entry.encode()).hexdigest()


def _note(found: Promise, released: Released, *, fitted: int, told: int) -> None:
    extra = {
        "entry": found.entry.id,
        "page": released.number,
        "rule": rule_version(found.condition),
        "fitted": fitted,
        "told": told,
    }
    log.info("people rechecked", extra=extra)
