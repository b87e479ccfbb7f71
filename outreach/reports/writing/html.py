"""A table as a page to print: everything in one file, nothing fetched from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from outreach.reports.table import Row, Table
from outreach.reports.writing import layout
from outreach.reports.writing.mark import Mark, digest

_SHORT = 8  # signs
STYLE = """
body{font:14px/1.6 "Songti SC","SimSun",serif;margin:1.5em;color:#111}
h1{font-size:22px;text-align:center;margin:.3em}
table{border-collapse:collapse;width:100%}
th,td{border:1px solid #333;padding:4px 6px;text-align:center}
td.text{text-align:left}td.keep{white-space:nowrap}tr.total{font-weight:bold}
thead{display:table-header-group}tr{break-inside:avoid}
aside{margin-top:1.5em;color:#333;text-align:left}footer{margin-top:1em;font-size:12px;color:#444}
@media print{aside{break-before:page}}
"""


def write(table: Table, mark: Mark) -> bytes:
    """The bytes of the .html."""
    return "\n".join(_lines(table, mark)).encode()


def _lines(table: Table, mark: Mark) -> Iterator[str]:
    title = escape(table.title)
    yield "<!DOCTYPE html>"
    yield f'<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>'
    yield '<meta name="viewport" content="width=device-width,initial-scale=1">'
    yield f'<meta name="author" content="{escape(mark.who)}">'
    yield f'<meta name="keywords" content="sha256:{digest(table)}">'
    page = f"@page{{size:{layout.paper(table)} landscape;margin:12mm}}"
    yield f"<style>{STYLE}{page}</style></head><body><main>"
    if table.heading:
        yield f"<p>{escape(table.heading)}</p>"
    yield f"<h1>{title}</h1>"
    if table.subtitle:
        yield f"<p>{escape(table.subtitle)}</p>"
    yield from grid(table)
    yield from (f"<p>{escape(note)}</p>" for note in (*table.notes, mark.signed))
    if table.beside:
        said = "".join(f"<p>{escape(text)}</p>" for text in table.beside)
        yield f"<aside><h2>说明</h2>{said}</aside>"
    yield "</main>"
    if mark.is_shown:
        yield f"<footer>{escape(mark.line)}</footer>"
    yield "</body></html>"


def grid(table: Table) -> Iterator[str]:
    """The table itself, its header as on paper."""
    widths = layout.widths(table)
    columns = "".join(f'<col width="{100 * one / sum(widths):.1f}%">' for one in widths)
    yield f"<table><colgroup>{columns}</colgroup><thead>{_header(table)}</thead><tbody>"
    yield from (_row(table, row) for row in layout.body(table))
    yield "</tbody></table>"


def _header(table: Table) -> str:
    lines = [""] * layout.lines_of(table.columns)
    for head in layout.header(table.columns):
        spans = f' rowspan="{head.lines}"' if head.lines > 1 else ""
        spans += f' colspan="{head.columns}"' if head.columns > 1 else ""
        scope = "colgroup" if head.columns > 1 else "col"
        lines[head.line] += f'<th scope="{scope}"{spans}>{escape(head.text)}</th>'
    return "".join(f"<tr>{line}</tr>" for line in lines)


def _row(table: Table, row: Row) -> str:
    cells = ""
    for column in table.columns:
        value = row.cells.get(column.key)
        text = layout.shown(value)
        kind = "" if layout.is_number(value) else f' class="text{_keep(text)}"'
        cells += f"<td{kind}>{escape(text) or '&nbsp;'}</td>"
    return f"<tr{' class=total' if row.is_total else ''}>{cells}</tr>"


def _keep(text: str) -> str:
    """Short words stay in one line."""
    return " keep" if len(text) <= _SHORT else ""
