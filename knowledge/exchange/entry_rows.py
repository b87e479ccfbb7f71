"""Rows of entries."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from knowledge.exchange import toml_text
from knowledge.exchange.columns import Block
from knowledge.exchange.content import HEAD, Content, Section, documents_of, entry_path
from knowledge.exchange.edits import Edits
from knowledge.exchange.places import section_of, unknown_area
from knowledge.exchange.report import Line, Outcome
from knowledge.exchange.rows import Merge
from knowledge.exchange.sheets import Row, Sheet
from knowledge.exchange.values import Papers
from knowledge.reading import ENTRY_KEYS

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")
LONGEST_ID = 100


def take(sheet: Sheet, content: Content, edits: Edits) -> None:
    """Hold each row against its entry."""
    for row in sheet.rows:
        line = edits.line(sheet.name, row.number, row.text("id") or row.text("title"))
        section = section_of(row, sheet, content)
        if section is None:
            line.refuse("地区", unknown_area(content))
        else:
            _take(row, section, line, edits=edits, content=content)


def _take(row: Row, section: Section, line: Line, *, edits: Edits, content: Content) -> None:
    entry = row.text("id") or _known_as(row.text("title"), section) or _new_id(row, section)
    is_own = entry.startswith(f"{section.folder}-") and len(entry) <= LONGEST_ID
    if not is_own or not _ID.fullmatch(entry):
        line.refuse("编号", f"编号要像“{section.folder}-loan-cap”这样；新增的行可以空着，自动编号")
        return
    old = section.entries.get(entry)
    path = entry_path(section.folder, entry)
    merge = Merge(Block.ENTRIES, old, papers_of(section, edits, content))
    merge.lay(row, line)
    edits.claim((path,), line, "编号")
    if line.outcome in (Outcome.NEW, Outcome.CHANGED):
        data = merge.data | {"id": entry}
        edits.put(path, toml_text.entry_text(data, ENTRY_KEYS), line)
    elif line.outcome is Outcome.WITHDRAWN:
        edits.put(path, None, line)


def papers_of(section: Section, edits: Edits, content: Content) -> Papers:
    """The area's papers, with those that the same spreadsheet brings."""
    path = f"{section.folder}/{HEAD}"
    if path not in edits.pages:
        return section.papers
    return Papers(documents_of(edits.text(path, content.pages)), section.figures)


def _known_as(title: str, section: Section) -> str:
    """The entry of this title: a table made by hand has no ids."""
    entries = section.entries.items()
    return next((entry for entry, data in entries if title and _title(data) == title), "")


def _title(data: Mapping[str, Any]) -> str:
    return unicodedata.normalize("NFKC", str(data.get("title", "")))


def _new_id(row: Row, section: Section) -> str:
    """The same row gives the same id, so that importing it twice adds it once."""
    words = "\n".join((row.text("title"), row.text("matter")))
    return f"{section.folder}-new-{hashlib.sha256(words.encode()).hexdigest()[:8]}"
