"""补贴审批和到账用时: applications of a span against seven working days (domain S4-19)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from outreach import measures
from outreach.reports.ledgers import places, small, spelling
from outreach.reports.ledgers.within import whose
from outreach.reports.periods import PeriodKind
from outreach.reports.table import Asked, Column, Listed, Report, Subject, Table, Unit, Value
from records.applications import WORKING_DAYS, Application, ApplicationRow, Outcome
from records.database import Session

_APPLICATIONS = ApplicationRow.__table__  # type: ignore[attr-defined]
COLUMNS = (
    places.PLACE,
    Column("submitted", "提交", Unit.CASES),
    Column("decided", "已审", Unit.CASES, group="审批"),
    Column("granted", "通过", Unit.CASES, group="审批"),
    Column("decision", "用时中位数", Unit.WORKING_DAYS, group="审批"),
    Column("longest", "最长", Unit.WORKING_DAYS, group="审批"),
    Column("late", f"超过{WORKING_DAYS}个工作日", Unit.CASES, group="审批"),
    Column("on_time", "按时率", Unit.PERCENT, group="审批"),
    Column("unknown", "算不出用时", Unit.CASES, group="审批"),
    Column("paid", "已到账", Unit.CASES, group="到账"),
    Column("payment", "用时中位数", Unit.DAYS, group="到账"),
    Column("longest_paid", "最长", Unit.DAYS, group="到账"),
    Column("unpaid", "批了没到账或没说", Unit.CASES, group="到账"),
)
_NOTES = (
    f"本期提交的申请。审批用时是从提交到出结果的工作日，和承诺的{WORKING_DAYS}个工作日比；"
    "没出结果的，过了期限也算超过。按时率是没超过的占有期限可比的。",
    "到账用时是从提交到本人说钱到了的天数，没说的不算。算不出：那一年的放假安排还没公布。",
)


def build(session: Session, asked: Asked) -> Table:
    """The clocks of the area and of each of its parts."""
    rows = places.rows(session, asked, measure, opens=("submitted", "late", "unpaid"))
    subtitle = f"{asked.named(asked.area)}　{asked.period.spoken}"
    table = Table("补贴审批和到账用时", COLUMNS, rows, _NOTES, subtitle)
    return small.shown(table, asked, parts={"granted": ("paid", "unpaid")})


def submitted(session: Session, asked: Asked) -> Listed:
    """What was handed in."""
    return _listed(_found(session, asked))


def late(session: Session, asked: Asked) -> Listed:
    """What took longer than promised, or still does."""
    found = _found(session, asked)
    return _listed([one for one in found if measures.decision_time([one], "", asked.now).late])


def unpaid(session: Session, asked: Asked) -> Listed:
    """Granted, and nobody said that the money came."""
    found = _found(session, asked)
    return _listed([one for one in found if one.outcome == Outcome.GRANTED and not one.paid_on])


def measure(session: Session, asked: Asked) -> Mapping[str, Value]:
    """The figures of one place."""
    found = _found(session, asked)
    decision = measures.decision_time(found, "", asked.now)
    payment = measures.payment_time(found, "")
    in_time = decision.count - sum(
        measures.decision_time([one], "", asked.now).late for one in found if one.decided_at
    )
    return {
        "submitted": len(found),
        "decided": sum(one.decided_at is not None for one in found),
        "granted": sum(one.outcome == Outcome.GRANTED for one in found),
        "decision": decision.median,
        "longest": decision.longest,
        "late": decision.late,
        "on_time": spelling.percent(in_time, in_time + decision.late),
        "unknown": decision.unknown,
        "paid": payment.count,
        "payment": payment.median,
        "longest_paid": payment.longest,
        "unpaid": payment.open,
    }


def _found(session: Session, asked: Asked) -> Sequence[Application]:
    """As they stood by the end of the span, or now; the papers stay sealed."""
    query = select(_APPLICATIONS).where(
        whose(asked.area, _APPLICATIONS.c),
        _APPLICATIONS.c.submitted_at >= asked.period.begin,
        _APPLICATIONS.c.submitted_at < asked.period.end,
    )
    return [
        Application(
            number=row.number,
            submitted_at=row.submitted_at,
            person_id=row.person_id,
            decided_at=row.decided_at,
            outcome=Outcome(row.outcome) if row.outcome else None,
            paid_on=row.paid_on,
        )
        for row in session.execute(query.order_by(_APPLICATIONS.c.number))
    ]


def _listed(found: Sequence[Application]) -> Listed:
    return Listed(Subject.TICKETS, [one.number for one in found])


SUBSIDY_CLOCKS = Report(
    name="subsidy_clocks",
    title="补贴审批和到账用时",
    about="本期提交的申请：审批用了几个工作日，超没超7天，钱几天到账",
    period=PeriodKind.QUARTER,
    build=build,
    lists={"submitted": submitted, "late": late, "unpaid": unpaid},
)
