"""The kinds of exports: one line each."""

from __future__ import annotations

from console.exports.enrolments import ENROLMENTS
from console.exports.kinds import Kind
from console.exports.people import PEOPLE
from console.exports.reports import REPORT

CATALOG: dict[str, Kind] = {kind.key: kind for kind in (PEOPLE, ENROLMENTS, REPORT)}
