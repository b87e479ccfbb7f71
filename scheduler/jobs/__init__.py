"""The scheduled jobs, in one list; each module says when it runs and what one run does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from records.database import Session
from scheduler.jobs import (
    erase_unconfirmed,
    expire_drafts,
    forget_deleted,
    group_questions,
    keep_links,
    offer_corrections,
    policy_expiry,
    prune_consents,
    prune_outbox,
    prune_questions,
    prune_told,
    prune_voices,
    recheck_people,
    send_reminders,
    tell_askers,
)
from scheduler.means import Means

Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Job:
    """A job: its name, what it is for, how often its slots come, and one run of it."""

    name: str
    purpose: str
    every: timedelta
    run: Callable[[Session, datetime], Counts]  # in one transaction


@dataclass(frozen=True, slots=True)
class LongJob:
    """A job whose runs compute: each of its steps does no harm when done twice."""

    name: str
    purpose: str
    every: timedelta
    run: Callable[[Means, datetime], Awaitable[Counts]]


JOBS: tuple[Job | LongJob, ...] = (
    Job("forget_deleted", forget_deleted.PURPOSE, timedelta(minutes=1), forget_deleted.run),
    LongJob("expire_drafts", expire_drafts.PURPOSE, timedelta(minutes=10), expire_drafts.run),
    Job("erase_unconfirmed", erase_unconfirmed.PURPOSE, timedelta(hours=1), erase_unconfirmed.run),
    Job("prune_consents", prune_consents.PURPOSE, timedelta(days=1), prune_consents.run),
    Job("prune_outbox", prune_outbox.PURPOSE, timedelta(days=1), prune_outbox.run),
    Job("prune_questions", prune_questions.PURPOSE, timedelta(days=1), prune_questions.run),
    Job("prune_told", prune_told.PURPOSE, timedelta(days=1), prune_told.run),
    Job("prune_voices", prune_voices.PURPOSE, timedelta(hours=1), prune_voices.run),
    LongJob("keep_links", keep_links.PURPOSE, timedelta(hours=1), keep_links.run),
    LongJob("group_questions", group_questions.PURPOSE, timedelta(minutes=1), group_questions.run),
    LongJob("tell_askers", tell_askers.PURPOSE, timedelta(minutes=1), tell_askers.run),
    LongJob(
        "offer_corrections", offer_corrections.PURPOSE, timedelta(minutes=1), offer_corrections.run
    ),
    LongJob("recheck_people", recheck_people.PURPOSE, timedelta(minutes=1), recheck_people.run),
    LongJob("send_reminders", send_reminders.PURPOSE, timedelta(minutes=5), send_reminders.run),
    LongJob("policy_expiry", policy_expiry.PURPOSE, timedelta(days=1), policy_expiry.run),
)
