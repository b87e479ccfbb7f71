"""Rows of silences: what people ask and the papers do not say."""

from knowledge.exchange import toml_text
from knowledge.exchange.columns import Block
from knowledge.exchange.content import SILENCES, Content, Section, silence_key
from knowledge.exchange.edits import Edits
from knowledge.exchange.entry_rows import papers_of
from knowledge.exchange.places import section_of, unknown_area
from knowledge.exchange.report import Line, Outcome
from knowledge.exchange.rows import Merge
from knowledge.exchange.sheets import Row, Sheet
from knowledge.exchange.toml_text import Blocks, parsed
from knowledge.exchange.values import words_of

_TABLE = "unknown"


def take(sheet: Sheet, content: Content, edits: Edits) -> None:
    """Hold each row against what is known to be open."""
    for row in sheet.rows:
        line = edits.line(sheet.name, row.number, row.text("matter"))
        section = section_of(row, sheet, content)
        if section is None:
            line.refuse("地区", unknown_area(content))
            continue
        merge = _merged(row, section, line, edits=edits, content=content)
        if line.outcome not in (Outcome.FAULTY, Outcome.UNCHANGED):
            _put(merge, section, line, edits=edits, content=content)


def _merged(row: Row, section: Section, line: Line, *, edits: Edits, content: Content) -> Merge:
    key = silence_key({"matter": row.text("matter"), "who": words_of(row.text("who"))})
    old = next((data for data in section.silences if silence_key(data) == key), None)
    merge = Merge(Block.SILENCES, old, papers_of(section, edits, content))
    merge.lay(row, line)
    edits.claim((section.folder, *key), line, "事项")
    return merge


def _put(merge: Merge, section: Section, line: Line, *, edits: Edits, content: Content) -> None:
    path = f"{section.folder}/{SILENCES}"
    text = edits.text(path, content.pages)
    keys = [silence_key(data) for data in parsed(text).get(_TABLE, [])]
    nth = keys.index(silence_key(merge.data)) if silence_key(merge.data) in keys else len(keys)
    blocks = Blocks(text, _TABLE)
    if line.outcome is Outcome.WITHDRAWN:
        blocks.drop(_TABLE, nth=nth)
    else:
        data = {name: value for name, value in merge.data.items() if name != "status"}
        blocks.put(_TABLE, toml_text.silence_block(data), nth=nth)
    edits.put(path, blocks.text, line)
