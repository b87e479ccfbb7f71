"""One page on an area's practice for those above: figures filled in, the rest is asked."""

from __future__ import annotations

from collections.abc import Sequence

from outreach.reports.month import FIGURES
from outreach.reports.notices import figures, public
from outreach.reports.periods import PeriodKind
from outreach.reports.table import Asked, Column, Report, Row, Table
from records.database import Session

NOW = "now"
_FEW = ("registered", "with_intent", "founded", "year_old", "survived", "done", "learnt")


def _table(session: Session, asked: Asked) -> Table:
    found = figures.of_area(session, asked)
    opens = figures.opens(found)
    rows = [
        Row(
            {"figure": one.title, "unit": one.unit.value, NOW: found[one.name]},
            {NOW: opens[one.name]} if one.name in opens else {},
            asked.area,
            one.name,
        )
        for one in FIGURES
        if one.name in _FEW
    ]
    columns = (Column("figure", "指标"), Column("unit", "单位"), Column(NOW, "数"))
    title = f"{asked.named(asked.area)}返乡创业做法（典型发言用）"
    return public.beneath(Table(title, columns, rows, subtitle=asked.period.spoken), asked, NOW)


def words(table: Table, asked: Asked) -> Sequence[str]:
    """The parts of a page; what only people know is left to them, in brackets."""
    told = {row.subject: row.cells.get(NOW) for row in table.rows}

    def one(name: str) -> str:
        return figures.said(told, name)

    return [
        f"一、成效。{asked.period.spoken}，{asked.named(asked.area)}新登记{one('registered')}，"
        f"新增返乡创业经营主体{one('founded')}；满一年的主体{one('year_old')}，"
        f"其中还开着{one('survived')}；办完群众诉求{one('done')}，培训{one('learnt')}。",
        "二、做法。〔写两三条：遇到什么难处，怎么办的，谁来办，用了什么政策和资金。〕",
        "三、例子。〔写一个本人同意讲的例子；没有同意的不写姓名和数额。〕",
        "四、还没做好的。〔写一条没做成的和原因，别处少走弯路。〕",
        "五、能不能学。〔写别处要学，要先有什么。〕",
    ]


PRACTICE = Report(
    "practice",
    "典型做法一页纸",
    "给省市讲评会用的一页：数填好了，做法留着自己写",
    PeriodKind.YEAR,
    _table,
    figures.lists(),
)
