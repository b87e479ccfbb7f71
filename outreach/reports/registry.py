"""REPORTS: every report that can be made, in the order in which pages and `--list` show them."""

from __future__ import annotations

from outreach.reports.ledgers.registry import LEDGERS
from outreach.reports.table import Report

REPORTS: tuple[Report, ...] = (*LEDGERS,)
