"""Rows of documents: the papers that entries rest on."""

import re

from knowledge.exchange import toml_text
from knowledge.exchange.columns import Block
from knowledge.exchange.content import HEAD, Content, Section
from knowledge.exchange.edits import Edits
from knowledge.exchange.places import section_of, unknown_area
from knowledge.exchange.report import Line, Outcome
from knowledge.exchange.rows import Merge
from knowledge.exchange.sheets import Row, Sheet
from knowledge.exchange.values import NO_PAPERS

_KEY = re.compile(r"[A-Za-z0-9_-]{1,40}")


def take(sheet: Sheet, content: Content, edits: Edits) -> None:
    """Hold each row against its document."""
    for row in sheet.rows:
        line = edits.line(sheet.name, row.number, row.text("title"))
        section = section_of(row, sheet, content)
        key = row.text("key")
        if section is None:
            line.refuse("地区", unknown_area(content))
        elif not _KEY.fullmatch(key):
            line.refuse("代号", "代号只能用英文字母和数字，比如 notice2027")
        else:
            _take(row, section, line, edits=edits, content=content)


def _take(row: Row, section: Section, line: Line, *, edits: Edits, content: Content) -> None:
    key, path = row.text("key"), f"{section.folder}/{HEAD}"
    merge = Merge(Block.DOCUMENTS, section.documents.get(key), NO_PAPERS)
    merge.lay(row, line)
    edits.claim((path, key), line, "代号")
    if line.outcome in (Outcome.NEW, Outcome.CHANGED):
        data = {name: value for name, value in merge.data.items() if name != "key"}
        blocks = toml_text.Blocks(edits.text(path, content.pages), "documents")
        blocks.put(f"documents.{key}", toml_text.document_block(key, data))
        edits.put(path, blocks.text, line)
