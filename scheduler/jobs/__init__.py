"""The scheduled jobs, in one list; each module says when it runs and what one run does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from records.database import Session
from scheduler.jobs import (
    analyse_tables,
    ask_awareness,
    assign_helpers,
    call_back_lists,
    campaign_drafts,
    case_cards,
    case_leave,
    case_quota,
    check_trail,
    course_seats,
    erase_unconfirmed,
    expire_drafts,
    expire_lines,
    forget_deleted,
    group_questions,
    keep_links,
    keep_names,
    keep_partitions,
    late_comers,
    look_after_posts,
    look_after_requests,
    measure_groups,
    milestones,
    month_drafts,
    offer_corrections,
    place_people,
    policy_expiry,
    project_push,
    project_upkeep,
    prune_consents,
    prune_files,
    prune_outbox,
    prune_questions,
    prune_runs,
    prune_tickets,
    prune_told,
    prune_voices,
    recheck_people,
    remind_unfinished,
    reports,
    retention_report,
    retire_people,
    seal_trail,
    send_reminders,
    tell_askers,
    unit_tasks,
)
from scheduler.means import Means
from scheduler.slots import (
    Every,
    Late,
    Schedule,
    daily,
    dropped,
    monthly,
    once,
    weekly,
    working_days,
)

Counts = dict[str, int]

MINUTE, HOUR = Every(timedelta(minutes=1)), Every(timedelta(hours=1))
DAY = Every(timedelta(days=1))
_MONDAY, _WEDNESDAY = 0, 2
CATCH_UP = once(timedelta(days=31))  # one run makes up for all: right for whatever looks at rows


@dataclass(frozen=True, slots=True)
class Job:
    """A job: its name, what it is for, when its slots come, and one run of it.

    `late` says what becomes of slots that nobody ran in time.
    """

    name: str
    purpose: str
    when: Schedule
    run: Callable[[Session, datetime], Counts]  # in one transaction
    late: Late = CATCH_UP


@dataclass(frozen=True, slots=True)
class LongJob:
    """A job whose runs compute: each of its steps does no harm when done twice."""

    name: str
    purpose: str
    when: Schedule
    run: Callable[[Means, datetime], Awaitable[Counts]]
    late: Late = CATCH_UP


JOBS: tuple[Job | LongJob, ...] = (
    Job("forget_deleted", forget_deleted.PURPOSE, MINUTE, forget_deleted.run),
    LongJob(
        "expire_drafts", expire_drafts.PURPOSE, Every(timedelta(minutes=10)), expire_drafts.run
    ),
    Job("expire_lines", expire_lines.PURPOSE, DAY, expire_lines.run),
    Job("erase_unconfirmed", erase_unconfirmed.PURPOSE, HOUR, erase_unconfirmed.run),
    Job("prune_consents", prune_consents.PURPOSE, DAY, prune_consents.run),
    LongJob("prune_files", prune_files.PURPOSE, HOUR, prune_files.run),
    Job("prune_outbox", prune_outbox.PURPOSE, DAY, prune_outbox.run),
    Job("keep_partitions", keep_partitions.PURPOSE, DAY, keep_partitions.run),
    Job("prune_questions", prune_questions.PURPOSE, DAY, prune_questions.run),
    Job("prune_runs", prune_runs.PURPOSE, DAY, prune_runs.run),
    LongJob("prune_tickets", prune_tickets.PURPOSE, DAY, prune_tickets.run),
    LongJob(
        "retention_report",
        retention_report.PURPOSE,
        daily(time(4, 0)),
        retention_report.run,
        once(timedelta(hours=19)),
    ),
    LongJob("retire_people", retire_people.PURPOSE, DAY, retire_people.run),
    LongJob("analyse_tables", analyse_tables.PURPOSE, HOUR, analyse_tables.run),
    LongJob("seal_trail", seal_trail.PURPOSE, MINUTE, seal_trail.run),
    LongJob("check_trail", check_trail.PURPOSE, daily(time(3, 30)), check_trail.run),
    LongJob("place_people", place_people.PURPOSE, DAY, place_people.run),
    Job("prune_told", prune_told.PURPOSE, DAY, prune_told.run),
    Job("prune_voices", prune_voices.PURPOSE, HOUR, prune_voices.run),
    LongJob("keep_links", keep_links.PURPOSE, HOUR, keep_links.run),
    LongJob("keep_names", keep_names.PURPOSE, Every(timedelta(minutes=10)), keep_names.run),
    LongJob("look_after_posts", look_after_posts.PURPOSE, MINUTE, look_after_posts.run),
    LongJob("group_questions", group_questions.PURPOSE, MINUTE, group_questions.run),
    LongJob("tell_askers", tell_askers.PURPOSE, MINUTE, tell_askers.run),
    LongJob("offer_corrections", offer_corrections.PURPOSE, MINUTE, offer_corrections.run),
    LongJob("recheck_people", recheck_people.PURPOSE, MINUTE, recheck_people.run),
    LongJob("remind_unfinished", remind_unfinished.PURPOSE, HOUR, remind_unfinished.run),
    LongJob(
        "send_reminders", send_reminders.PURPOSE, Every(timedelta(minutes=5)), send_reminders.run
    ),
    LongJob("assign_helpers", assign_helpers.PURPOSE, HOUR, assign_helpers.run),
    LongJob(
        "call_back_lists",
        call_back_lists.PURPOSE,
        working_days(time(8, 30)),
        call_back_lists.run,
        dropped(timedelta(hours=6)),
    ),
    LongJob("case_cards", case_cards.PURPOSE, MINUTE, case_cards.run),
    LongJob("case_leave", case_leave.PURPOSE, daily(time(10, 0)), case_leave.run),
    LongJob("case_quota", case_quota.PURPOSE, monthly(1, time(9, 0)), case_quota.run),
    LongJob("course_seats", course_seats.PURPOSE, Every(timedelta(minutes=10)), course_seats.run),
    LongJob(
        "ask_awareness",
        ask_awareness.PURPOSE,
        weekly(_WEDNESDAY, time(10, 0)),
        ask_awareness.run,
        once(timedelta(days=2)),
    ),
    LongJob(
        "look_after_requests",
        look_after_requests.PURPOSE,
        working_days(time(9, 0)),
        look_after_requests.run,
        once(timedelta(hours=10)),
    ),
    LongJob(
        "unit_tasks",
        unit_tasks.PURPOSE,
        daily(time(8, 0)),
        unit_tasks.run,
        once(timedelta(days=2)),
    ),
    LongJob("measure_groups", measure_groups.PURPOSE, daily(time(5, 0)), measure_groups.run),
    LongJob(
        "milestones",
        milestones.PURPOSE,
        daily(time(6, 30)),
        milestones.run,
        once(timedelta(days=2)),
    ),
    LongJob(
        "month_drafts",
        month_drafts.PURPOSE,
        monthly(1, time(8, 0)),
        month_drafts.run,
        once(timedelta(days=20)),
    ),
    LongJob("reports", reports.PURPOSE, daily(time(8, 20)), reports.run),
    LongJob("freeze_reports", reports.OF_NIGHT, daily(time(0, 10)), reports.freeze),
    LongJob(
        "project_digests",
        campaign_drafts.OF_MONTH,
        monthly(2, time(8, 30)),
        campaign_drafts.of_month,
        once(timedelta(days=10)),
    ),
    LongJob(
        "story_drafts",
        campaign_drafts.OF_WEEK,
        weekly(_MONDAY, time(8, 30)),
        campaign_drafts.of_week,
        once(timedelta(days=2)),
    ),
    LongJob("late_comers", late_comers.PURPOSE, daily(time(9, 0)), late_comers.run),
    LongJob("policy_expiry", policy_expiry.PURPOSE, DAY, policy_expiry.run),
    LongJob("project_upkeep", project_upkeep.PURPOSE, daily(time(7, 0)), project_upkeep.run),
    LongJob(
        "project_push",
        project_push.PURPOSE,
        daily(time(18, 0)),
        project_push.run,
        dropped(timedelta(hours=2)),
    ),
)
