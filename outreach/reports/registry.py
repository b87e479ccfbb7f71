"""REPORTS: every report that can be made, in the order in which pages and `--list` show them."""

from __future__ import annotations

from outreach.reports import annex4, targets_tables
from outreach.reports.ledgers.registry import LEDGERS
from outreach.reports.notices import articles, months, practice, reviews, units
from outreach.reports.table import Report

REPORTS: tuple[Report, ...] = (
    annex4.REPORT,
    *targets_tables.REPORTS,
    *LEDGERS,
    months.TOWN_MONTH,
    months.COUNTY_MONTH,
    months.COUNTY_NOTICE,
    units.UNITS,
    reviews.QUARTER,
    reviews.YEAR,
    practice.PRACTICE,
    articles.ARTICLE,
    articles.ARTICLES,
)
