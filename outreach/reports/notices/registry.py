"""PAPERS: what is drafted on schedule, who owes it and when."""

from __future__ import annotations

from outreach.reports import annex4
from outreach.reports.notices import articles, months, practice, reviews, units
from outreach.reports.periods import PeriodKind
from outreach.reports.registry import REPORTS
from outreach.reports.versions.paper import Level, Paper

PAPERS: tuple[Paper, ...] = (
    Paper(months.TOWN_MONTH, Level.TOWN, due=5),
    Paper(annex4.REPORT, Level.COUNTY, due=8, every=PeriodKind.MONTH),
    Paper(
        months.COUNTY_MONTH,
        Level.COUNTY,
        due=8,
        body=months.county_words,
        is_rolled_up=True,
    ),
    Paper(
        months.COUNTY_NOTICE,
        Level.COUNTY,
        due=10,
        body=months.notice_words,
        addressee="各乡镇人民政府、街道办事处，有关单位",
        is_rolled_up=True,
    ),
    Paper(
        units.UNITS,
        Level.COUNTY,
        due=10,
        body=units.words,
        addressee="领导小组各成员单位",
    ),
    Paper(
        reviews.QUARTER,
        Level.CITY,
        due=15,
        body=reviews.words,
        addressee="各县市区人民政府",
    ),
    Paper(
        reviews.YEAR,
        Level.CITY,
        due=20,
        body=reviews.words,
        added=reviews.evidence,
        addressee="市返乡创业工作专班",
    ),
)


ON_WISH: tuple[Paper, ...] = (
    Paper(practice.PRACTICE, Level.COUNTY, due=31, body=practice.words, addressee="市讲评会"),
    Paper(
        articles.ARTICLE,
        Level.TOWN,
        due=7,
        body=articles.words,
        addressee="返乡创业工作领导小组办公室",
    ),
)


def find(name: str) -> Paper | None:
    """The paper of this name; any other report can be a version, too, and is a county's."""
    owed = {one.name: one for one in (*PAPERS, *ON_WISH)}
    if name in owed:
        return owed[name]
    found = next((one for one in REPORTS if one.name == name), None)
    return Paper(found, Level.COUNTY, due=10) if found else None
