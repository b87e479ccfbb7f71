"""签约 (domain S3-10): what was signed at events of a year, what was pledged, what has landed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import or_, select

from outreach.reports.ledgers import small, spelling
from outreach.reports.ledgers.within import held_in
from outreach.reports.periods import PeriodKind
from outreach.reports.table import Asked, Column, Listed, Report, Row, Subject, Table, Unit
from records import events, signings
from records.database import Session
from records.events import Event, EventRow, Signed
from records.signings import Payment

_EVENTS = EventRow.__table__  # type: ignore[attr-defined]
COLUMNS = (
    Column("no", "编号"),
    Column("day", "签约日期"),
    Column("event", "活动"),
    Column("place", "地方"),
    Column("project", "项目"),
    Column("firm", "企业"),
    Column("party", "跟谁签"),
    Column("planned", "投资额", Unit.YUAN),
    Column("band", "规模"),
    Column("landed", "实际资金落地额", Unit.YUAN),
    Column("steps", "到账笔数", Unit.LOANS),
    Column("last", "最近到账"),
)
_WAN = 10_000
_BANDS = (  # from the largest: what a signing must have pledged, and what it is called then
    (1_000_000 * _WAN, "100亿以上"),
    (10_000 * _WAN, "1亿—100亿"),
    (1_000 * _WAN, "1000万—1亿"),
    (0, "不到1000万"),
)
_UNTOLD = "没说投资额"
_NOTES = (
    "活动在本期内的签约。同名项目、同名企业各算一个。",
    "实际资金落地额是到本期末（还没到期末的，到今天）有人登记到账的钱；没说投资额的按没有算。",
)


def build(session: Session, asked: Asked) -> Table:
    """Each signing, the four totals on top."""
    held = {event.number: event for event in of_period(session, asked)}
    signed = as_of(session, asked, list(held))
    steps = signings.payments(session, [one.number for one in signed])
    found = events.totals(signed)
    projects = f"项目数{small.worded(found.projects, asked)}个"
    firms = f"企业数{small.worded(found.firms, asked)}个"
    top = Row(
        {
            "no": "合计",
            "project": projects,
            "firm": firms,
            "planned": found.planned,
            "landed": found.landed,
            "steps": sum(len(_until(each, asked)) for each in steps.values()),
        },
        opens=dict.fromkeys(("project", "firm", "planned", "landed"), "signings"),
        area=asked.area,
        is_total=True,
    )
    rows = [_row(one, held[one.event], steps.get(one.number, []), asked) for one in signed]
    subtitle = (
        f"{asked.named(asked.area)}　{asked.period.spoken}　{projects}，{firms}，"
        f"投资额{found.planned}元，实际资金落地额{found.landed}元"
    )
    notes = (*_NOTES, _by_band(signed, asked))
    table = Table("签约台账", COLUMNS, [top, *rows], notes, subtitle)
    return small.shown(table, asked)


def band(planned: int | None) -> str:
    """How large a signing is (domain S2-17)."""
    if planned is None:
        return _UNTOLD
    return next(name for least, name in _BANDS if planned >= least)


def _by_band(signed: Sequence[Signed], asked: Asked) -> str:
    """Each signing in one band, the largest first."""
    counts = Counter(band(one.planned) for one in signed)
    names = [*(name for _, name in _BANDS), _UNTOLD]
    told = [f"{name}{small.worded(counts[name], asked)}个" for name in names]
    return f"按投资额分（一笔只在一档）：{'，'.join(told)}。"


def of_period(session: Session, asked: Asked) -> list[Event]:
    """The events of the area that were held in the span and not called off."""
    columns = (_EVENTS.c.area, _EVENTS.c.county)
    query = select(_EVENTS.c.id).where(
        or_(*(held_in(asked.area, column) for column in columns)),
        _EVENTS.c.starts_at >= asked.period.begin,
        _EVENTS.c.starts_at < asked.period.end,
        _EVENTS.c.is_off.is_(False),
    )
    return events.by_numbers(session, list(session.execute(query).scalars()))


def as_of(session: Session, asked: Asked, held: list[int]) -> list[Signed]:
    """What was signed at these, with what had landed by the end of the span."""
    found = events.signings(session, held)
    numbers = [one.number for one in found]
    later = signings.landed_after(session, numbers, asked.period.last)
    return [_before(one, later.get(one.number, 0)) for one in found]


def listed(session: Session, asked: Asked) -> Listed:
    """What was signed."""
    held = [event.number for event in of_period(session, asked)]
    return Listed(Subject.SIGNINGS, [str(one.number) for one in events.signings(session, held)])


def _before(one: Signed, later: int) -> Signed:
    if not later:
        return one
    return replace(one, landed=(one.landed or 0) - later)


def _until(steps: list[Payment], asked: Asked) -> list[Payment]:
    return [step for step in steps if step.paid_on <= asked.period.last]


def _row(one: Signed, event: Event, steps: list[Payment], asked: Asked) -> Row:
    until = _until(steps, asked)
    area = event.told.county or event.told.area
    cells = {
        "no": one.number,
        "day": spelling.day(event.told.starts_at),
        "event": event.told.title,
        "place": asked.named(area),
        "project": one.project,
        "firm": one.firm,
        "party": one.party,
        "planned": one.planned,
        "band": band(one.planned),
        "landed": one.landed,
        "steps": len(until),
        "last": until[-1].paid_on if until else None,
    }
    return Row(cells, area=area, subject=str(one.number))


SIGNINGS = Report(
    name="signings",
    title="签约台账",
    about="一年里签了什么：项目数、企业数、投资额、实际资金落地额，每笔到账",
    period=PeriodKind.YEAR,
    build=build,
    lists={"signings": listed},
)
