"""一季一讲评 and 一年一考核 of a city: its counties side by side, with what proves it."""

from __future__ import annotations

from collections.abc import Sequence

from outreach.calendars import CHINA
from outreach.reports import counting
from outreach.reports.month import FIGURES
from outreach.reports.notices import figures, public
from outreach.reports.notices.figures import NOT_SUMMED
from outreach.reports.periods import PeriodKind, parse
from outreach.reports.table import Asked, Column, Listed, Report, Row, Table, Unit, Value
from outreach.reports.versions.paper import asked_of
from outreach.reports.versions.steps import PRINTED
from records import report_versions
from records.database import Session
from records.scope import stem

_ALL = "all."
_NO_SUM = "推过的项目、新增创业的人和办结用时不能把各县相加，合计空着。"
_ORDER = "各县按编号先后排，不作排名。每个数都能打开背后的名单或台账。"


def counties(session: Session, city: str) -> list[str]:
    """The counties of a city in which there is something to count."""
    begins = stem(city)
    found = [one for one in counting.areas(session) if one.startswith(begins) and one != city]
    return [one for one in found if not one.endswith("00")]


def _review(session: Session, asked: Asked) -> Table:
    rows = []
    for one in counties(session, asked.area):
        found = figures.of_area(session, asked_of(asked, one))
        cells: dict[str, Value] = {"county": asked.named(one), **found}
        rows.append(Row(cells, figures.opens(found), one, one))
    total: dict[str, int | None] = {one.name: _sum(rows, one.name) for one in FIGURES}
    whole: dict[str, Value] = {"county": "合计", **total}
    rows.append(Row(whole, figures.opens(total, _ALL), asked.area, "total", is_total=True))
    columns = (Column("county", "县市区"), *figures.columns())
    title = f"{asked.named(asked.area)}返乡创业{_spoken(asked)}"
    table = Table(title, columns, rows, (_ORDER, _NO_SUM), asked.period.spoken)
    return public.beside(table, asked)


def words(table: Table, asked: Asked) -> Sequence[str]:
    """The review in words, drafted from the sums."""
    total = next(row for row in table.rows if row.is_total).cells
    names = "、".join(str(row.cells["county"]) for row in table.rows if not row.is_total)
    head = f"{asked.period.spoken}，{asked.named(asked.area)}的返乡创业工作有这些情况。"
    return [head, *figures.in_words(total), f"报数的县市区：{names or '还没有'}。{_ORDER}"]


def evidence(session: Session, asked: Asked) -> Sequence[Table]:
    """What proves the year: every paper that was frozen for it, and what each figure counts."""
    return (_papers(session, asked), _sources())


def _papers(session: Session, asked: Asked) -> Table:
    found = report_versions.frozen_within(session, asked.area, asked.period.begin, asked.now)
    own = [one for one in found if asked.period.holds(parse(one.period).last)]
    rows = [
        Row(
            {
                "area": asked.named(one.area),
                "paper": one.report,
                "period": parse(one.period).spoken,
                "signed": one.signed_by,
                "day": one.frozen_at.astimezone(CHINA).date() if one.frozen_at else None,
                "sha": one.sha[:PRINTED],
                "notes": len(_corrections(session, one.number)),
            },
            area=one.area,
            subject=f"report:{one.number}",
        )
        for one in own
    ]
    columns = (
        Column("area", "地方"),
        Column("paper", "报表"),
        Column("period", "期"),
        Column("signed", "签字"),
        Column("day", "定稿"),
        Column("sha", "指纹前12位"),
        Column("notes", "更正", Unit.CASES),
    )
    return Table(
        "佐证清单：已定稿的报表", columns, rows, ("指纹可用系统核对，改动一个字都会不同。",)
    )


def _corrections(session: Session, number: int) -> list[object]:
    found = report_versions.notes(session, number)
    return [one for one in found if one.kind is report_versions.NoteKind.CORRECTION]


def _sources() -> Table:
    rows = [
        Row({"figure": one.title, "unit": one.unit.value, "source": _SOURCES[one.name]})
        for one in FIGURES
    ]
    columns = (
        Column("figure", "指标"),
        Column("unit", "单位"),
        Column("source", "从哪里数、怎么数"),
    )
    return Table("指标口径和来源", columns, rows)


_SOURCES = {
    "registered": "人员台账：当期建档的人，一人数一次",
    "with_intent": "人员台账：上面的人里，说在干、准备干或想干的",
    "founded": "主体台账：当期开业的主体",
    "founders": "主体台账：上面主体的创办人，一人数一次",
    "closed": "主体台账：当期停业的主体",
    "projects": "推介记录：当期主动推过的项目，一个数一次",
    "told": "推介记录：收到项目的人，一人数一次",
    "requests": "诉求台账：当期新收的诉求",
    "done": "诉求台账：当期办结的诉求",
    "late": "诉求台账：上面办结的里，过了时限的",
    "took": "诉求台账：从收到到办结的工作日，取中位数",
    "courses": "培训台账：当期结课、没有取消的班",
    "learnt": "培训签到：来的人次，一人一班数一次",
    "events": "活动台账：当期办的、没有取消的活动",
    "guests": "活动签到：来的人次，没登记的按现场人数",
    "year_old": "主体台账：当期满一年的主体",
    "survived": "回访记录：上面的里，问到还开着的",
    "failed": "主体台账和回访：上面的里，已停业的",
    "unheard": "回访记录：上面的里，没问到的，不算进存活率",
    "duty_reports": "站长述职：当期确认的述职",
}


def _sum(rows: Sequence[Row], name: str) -> int | None:
    if name in NOT_SUMMED:
        return None
    return sum(value for row in rows if isinstance(value := row.cells.get(name), int))


def _whole_list(name: str) -> figures.ListOf:
    count = figures.list_of(name)

    def find(session: Session, asked: Asked) -> Listed:
        found = [
            count(session, asked_of(asked, one)) for one in counties(session, asked.area)
        ] or [count(session, asked)]
        ids = tuple(dict.fromkeys(id_ for one in found for id_ in one.ids))
        return Listed(found[0].subject, ids)

    return find


def _lists() -> dict[str, figures.ListOf]:
    names = figures.lists()
    return {**names, **{_ALL + name: _whole_list(name) for name in names}}


def _spoken(asked: Asked) -> str:
    return "年度考核表" if asked.period.kind is PeriodKind.YEAR else "季度讲评表"


QUARTER = Report(
    "review_quarter",
    "季度讲评",
    "一个市各县一季的数和讲评文字（一季一讲评）",
    PeriodKind.QUARTER,
    _review,
    _lists(),
)
YEAR = Report(
    "pack_year",
    "年度考核材料",
    "一年的数、佐证清单、指标口径，一份文档一份表格（一年一考核）",
    PeriodKind.YEAR,
    _review,
    _lists(),
)
