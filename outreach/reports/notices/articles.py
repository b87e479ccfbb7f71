"""材料报送 (domain S3-08): an article drafted from what was logged, and how many each place sent.

A person edits, signs and sends it; the machine writes no praise, and nobody is ranked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import func, select

from outreach.reports.ledgers import places, small
from outreach.reports.month import FIGURES
from outreach.reports.notices import figures, public
from outreach.reports.periods import Period, PeriodKind
from outreach.reports.table import Asked, Column, Report, Row, Table, Unit
from records.database import Session
from records.report_versions import ReportVersion, State

NOW, _NAME = "now", "article"
_VERSIONS = ReportVersion.__table__  # type: ignore[attr-defined]
_SENT = (State.SIGNED.value, State.FROZEN.value)
_NOTES = (
    "签了字的工作信息算一篇，日期在本月的算本月；没签的是草稿，不算。",
    "文件要求（2017年定陶）：镇街每月两篇，成员单位每月至少一篇；成员单位报的按任务记，在“成员单位两月调度表”里。",
    "只列篇数，不排名。",
)


def _table(session: Session, asked: Asked) -> Table:
    """The figures of the month up to the day."""
    found = figures.of_area(session, _so_far(asked))
    rows = [
        Row({"figure": one.title, "unit": one.unit.value, NOW: found[one.name]}, subject=one.name)
        for one in FIGURES
    ]
    columns = (Column("figure", "指标"), Column("unit", "单位"), Column(NOW, "本月到这天的数"))
    title = f"{asked.named(asked.area)}返乡创业工作信息"
    return public.beneath(Table(title, columns, rows, subtitle=asked.period.spoken), asked, NOW)


def _so_far(asked: Asked) -> Asked:
    last = asked.period.last
    return replace(asked, period=Period(PeriodKind.MONTH, last.replace(day=1), last))


def words(table: Table, asked: Asked) -> Sequence[str]:
    """The draft: paragraphs that have something to tell, and blanks for what only people know."""
    told = {row.subject: row.cells.get(NOW) for row in table.rows}

    def some(sentence: str, *names: str) -> list[str]:
        has_any = any(told.get(name) not in (None, 0) for name in names)
        return [sentence] if has_any else []

    def one(name: str) -> str:
        return figures.said(told, name)

    month = f"{asked.period.last.year}年{asked.period.last.month}月"
    return [
        f"〔题目：写清做了哪一件事〕{month}以来，{asked.named(asked.area)}返乡创业工作有下面这些进展。",
        *some(
            f"新登记{one('registered')}，其中有创业意向{one('with_intent')}。",
            "registered",
        ),
        *some(f"新增返乡创业经营主体{one('founded')}。", "founded"),
        *some(f"办完群众诉求{one('done')}。", "done"),
        *some(f"向{one('told')}推介项目{one('projects')}。", "projects"),
        *some(f"培训结课{one('courses')}，参加{one('learnt')}。", "courses"),
        *some(f"办活动{one('events')}，参加{one('guests')}。", "events"),
        "〔写一件具体的事：谁、什么时候、遇到什么难处、怎么办成的。写到人，要本人同意。〕",
        "〔写还没办成的和下一步。没有就删掉这一段。〕",
    ]


def sent(session: Session, asked: Asked) -> Table:
    """How many each place has signed in a month: the area itself, then its towns or counties."""
    counts = _counts(session, asked)
    codes = [asked.area, *places.parts(session, asked.area)]
    rows = [
        Row({places.PLACE.key: asked.named(code), "sent": counts.get(code, 0)}, area=code)
        for code in dict.fromkeys((*codes, *sorted(counts)))
    ]
    columns = (places.PLACE, Column("sent", "报了", Unit.CASES))
    title = f"{asked.named(asked.area)}材料报送情况"
    return small.shown(Table(title, columns, rows, _NOTES, asked.period.spoken), asked)


def _counts(session: Session, asked: Asked) -> Counter[str]:
    """By place; a version that was put right by another is one article."""
    county = _VERSIONS.c.county
    whose = (_VERSIONS.c.area == asked.area) | (county == asked.area)
    if asked.area.endswith("00"):
        whose = county.startswith(asked.area[:4], autoescape=True)
    query = (
        select(_VERSIONS.c.area, func.count(func.distinct(_VERSIONS.c.period)))
        .where(_VERSIONS.c.report == _NAME, _VERSIONS.c.state.in_(_SENT), whose)
        .where(_VERSIONS.c.period.startswith(f"{asked.period}-", autoescape=True))
        .group_by(_VERSIONS.c.area)
    )
    return Counter({area: int(n) for area, n in session.execute(query)})


ARTICLE = Report(
    _NAME,
    "工作信息（草稿）",
    "从这个月记下的事起草一篇材料，人改了、签了才算报；一天一篇",
    PeriodKind.DAY,
    _table,
)
ARTICLES = Report(
    "articles",
    "材料报送情况",
    "一个月里各镇街报了几篇签过字的工作信息，不排名",
    PeriodKind.MONTH,
    sent,
)
