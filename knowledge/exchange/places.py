"""Which area a row belongs to: its own cell, its id, the sheet's name, the sheet's other rows."""

from collections import Counter

from knowledge.exchange.columns import AREA, Block
from knowledge.exchange.content import Content, Section
from knowledge.exchange.sheets import Row, Sheet


def section_of(row: Row, sheet: Sheet, content: Content) -> Section | None:
    """The area, or None where nothing tells it."""
    told = row.text(AREA)
    if told:
        return content.section_named(told)
    own = content.section_of(row.text("id")) if sheet.block is Block.ENTRIES else None
    return own or _of_sheet(sheet, content)


def _of_sheet(sheet: Sheet, content: Content) -> Section | None:
    name = sheet.name.split("·")[0].strip()
    named = content.section_named(name) or content.section_named(name.replace(" ", ""))
    if named is not None:
        return named
    found = (content.section_of(row.text("id")) for row in sheet.rows)
    common = Counter(section.folder for section in found if section).most_common(1)
    return content.sections[common[0][0]] if common else None


UNKNOWN_AREA = "看不出是哪个地区：请把表名改回地区的名字（比如“{}”），或者加一列“地区”"


def unknown_area(content: Content) -> str:
    """The sentence for a row that belongs nowhere."""
    return UNKNOWN_AREA.format(next((s.short for s in content), ""))
