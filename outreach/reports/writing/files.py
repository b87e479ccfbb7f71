"""WRITERS: in which forms a table can be written, by the ending of the file's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from outreach.reports.table import Table
from outreach.reports.writing import csv, docx, html, md, xlsx
from outreach.reports.writing.mark import Mark

WRITERS: Mapping[str, Callable[[Table, Mark], bytes]] = {
    ".xlsx": xlsx.write,
    ".csv": csv.write,
    ".md": md.write,
    ".docx": docx.write,
    ".html": html.write,
}
