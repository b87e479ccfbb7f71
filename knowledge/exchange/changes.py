"""A spreadsheet's bytes held against what is served: a report, and the pages that would change.

Plain functions without a database, so that the command line and the console share them.
"""

from collections.abc import Callable

from knowledge.exchange import document_rows, entry_rows, silence_rows
from knowledge.exchange.columns import Block
from knowledge.exchange.content import Content
from knowledge.exchange.edits import Edits
from knowledge.exchange.report import Line, Report
from knowledge.exchange.settling import Ground, settle
from knowledge.exchange.sheets import Workbook, read_workbook

# Documents first: the other rows name them.
_TAKERS = (
    (Block.DOCUMENTS, document_rows.take),
    (Block.SILENCES, silence_rows.take),
    (Block.ENTRIES, entry_rows.take),
)


def from_workbook(data: bytes, ground: Ground) -> Edits:
    """What a spreadsheet would change; FileRefused if it cannot be used at all."""
    book = read_workbook(data)
    edits = Edits(Report(notices=book.notices))
    content = Content(ground.pages)
    for block, take in _TAKERS:
        for sheet in book.sheets:
            if sheet.block is block:
                take(sheet, content, edits)
    edits.report.lines.sort(key=_order(book))
    settle(edits, ground)
    return edits


def _order(book: Workbook) -> Callable[[Line], tuple[int, int]]:
    names = [sheet.name for sheet in book.sheets]
    return lambda line: (names.index(line.sheet), line.number)
