"""贷款需求和发放: how many want money, what became of their requests, what was lent; never who.

No list stands behind these figures: lists of who has or needs money are not made (domain G-16).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import and_, func, select

from matching.audience.sql import where
from matching.audience.values import Field, Has
from matching.codes import Band, Lack
from outreach.reports.ledgers import places, small
from outreach.reports.ledgers.within import INTENDS, IS_REGISTERED, PEOPLE, here, whose
from outreach.reports.periods import PeriodKind
from outreach.reports.table import Asked, Column, Report, Table, Unit, Value
from records.applications import ApplicationRow, Outcome
from records.database import Session
from records.ticket_steps import StepKind, TicketStep
from records.tickets import Ticket, TicketKind

_TICKETS, _APPLICATIONS = Ticket.__table__, ApplicationRow.__table__  # type: ignore[attr-defined]
_STEPS = TicketStep.__table__  # type: ignore[attr-defined]
_MONEY = "money"  # of outreach/tables/matters.toml
_IS_REQUEST = _TICKETS.c.kind != TicketKind.APPLICATION.value
_LACKS_MONEY = where(Has(Field.LACK, frozenset({Lack.CAPITAL.value}), "最缺本钱"))
_BANDS = {
    Band.TO_10K.value: "1万以内",
    Band.TO_50K.value: "1万—5万",
    Band.TO_200K.value: "5万—20万",
    Band.OVER_200K.value: "20万以上",
    "": "没说",
}
_OWN = "这些人自己拿得出的本钱"
COLUMNS = (
    places.PLACE,
    Column("wanted", "最缺本钱的有意向的人", Unit.PEOPLE),
    *(Column(f"own_{key or 'unsaid'}", name, Unit.PEOPLE, _OWN) for key, name in _BANDS.items()),
    Column("asked", "资金、贷款诉求", Unit.CASES),
    Column("checked", "其中自查过的", Unit.CASES),
    Column("sent", "其中转出、请人会办或受理了的", Unit.CASES),
    Column("done", "其中已办结", Unit.CASES),
    Column("applied", "资金、贷款申请", Unit.LOANS),
    Column("granted", "其中批了的", Unit.LOANS),
    Column("told", "批了的里写了放款金额的", Unit.LOANS),
    Column("lent", "这些放款合计", Unit.YUAN),
)
_NOTES = (
    "本钱分档按各人看项目时说的，是自己拿得出的，不是想贷的数；没说过的在“没说”里。",
    "需求按现在登记的想法：有创业意向、说最缺本钱的人。诉求和申请是本期的。",
    "放款合计只加工作人员写结论时写了金额的那几笔，不是银行的全部放款；不收集征信，全数以经办银行、人社部门的为准。",
    "不列名单：谁缺钱、谁有债不做清单。",
)


def build(session: Session, asked: Asked) -> Table:
    """The demand and what was granted, by place."""
    rows = places.rows(session, asked, measure, has_towns=False)
    subtitle = f"{asked.named(asked.area)}　{asked.period.spoken}"
    return small.shown(Table("贷款需求和发放", COLUMNS, rows, _NOTES, subtitle), asked)


def measure(session: Session, asked: Asked) -> Mapping[str, Value]:
    """The figures of one place."""
    own = _by_own_money(session, asked)
    about_money = _TICKETS.c.matter == _MONEY
    opened = _within(_TICKETS.c.opened_at, asked)
    requests = select(
        func.count(),
        func.count().filter(_went(StepKind.CHECKED)),
        func.count().filter(_was_sent()),
        func.count().filter(_TICKETS.c.closed_at < asked.period.end),
    ).where(whose(asked.area, _TICKETS.c), about_money, opened, _IS_REQUEST)
    of_loans = (
        whose(asked.area, _APPLICATIONS.c),
        about_money,
        _within(_APPLICATIONS.c.submitted_at, asked),
    )
    applied = (
        select(
            func.count(),
            func.count().filter(_APPLICATIONS.c.outcome == Outcome.GRANTED.value),
        )
        .join(_TICKETS, _TICKETS.c.number == _APPLICATIONS.c.number)
        .where(*of_loans)
    )
    asked_for, checked, sent, done = map(int, session.execute(requests).one())
    lent = _lent(session, asked, of_loans)
    handed_in, granted = map(int, session.execute(applied).one())
    return {
        "wanted": sum(own.values()),
        **{f"own_{key or 'unsaid'}": own[key] for key in _BANDS},
        "asked": asked_for,
        "checked": checked,
        "sent": sent,
        "done": done,
        "applied": handed_in,
        "granted": granted,
        "told": len(lent),
        "lent": sum(lent) if lent else None,
    }


def _went(*kinds: StepKind) -> Any:
    steps = select(_STEPS.c.id).where(_STEPS.c.ticket == _TICKETS.c.number)
    return steps.where(_STEPS.c.kind.in_([one.value for one in kinds])).exists()


def _was_sent() -> Any:
    """It left the desk where it was asked: for a station, another level, an office, an agency."""
    return _went(StepKind.MOVED, StepKind.JOINED, StepKind.ACCEPTED)


def _lent(session: Session, asked: Asked, of_loans: Sequence[Any]) -> list[int]:
    """What staff typed of the loans that were granted, in yuan; each is sealed."""
    sealed = (
        select(_APPLICATIONS.c.lent)
        .join(_TICKETS, _TICKETS.c.number == _APPLICATIONS.c.number)
        .where(*of_loans, _APPLICATIONS.c.lent.is_not(None))
    )
    return [int(asked.vault.open(each)) for each in session.execute(sealed).scalars()]


def _by_own_money(session: Session, asked: Asked) -> Mapping[str, int]:
    """Who has an intent and lacks money, by what they can put in themselves."""
    band = PEOPLE.c.codes["capital_band"].as_string()
    query = select(band, func.count()).where(
        IS_REGISTERED, INTENDS, here(asked.area, PEOPLE.c), _LACKS_MONEY
    )
    found: Counter[str] = Counter()
    for key, n in session.execute(query.group_by(band)):
        found[key if key in _BANDS else ""] += int(n)
    return found


def _within(column: Any, asked: Asked) -> Any:
    return and_(column >= asked.period.begin, column < asked.period.end)


LOANS = Report(
    name="loans",
    title="贷款需求和发放",
    about="多少人缺本钱，多少笔贷款诉求自查、转出、批了，放款合计多少；不列名单",
    period=PeriodKind.YEAR,
    build=build,
)
