"""A cadre's message of many households: cut into lines, each with its number and its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from registry.line_people import Written
from registry.line_words import SHEET, folded, is_heading, is_label, is_same, pieces, read

LONGEST = 4_000  # characters of a message that the door takes: a longer one was cut there
_ORDINAL = re.compile(r"^\s*(?:\(?\d{1,3}[.)、．）:](?!\d)|[①-⑳]|第\d{1,3}[行户个][:：,，]?)\s*")
_ROW = re.compile(r"^\s*(\d{1,3})[\s,，]+(?=\D)")
_PLACE = re.compile(r".{2,16}(?:村|社区|居委会|[组湾屋冲坪寨庄屯坝垸坡岭塘沟营堡桥镇乡])")
_TOTAL = re.compile(r"(?:合计|总计|共计|小计)[\d户人]*$")
_LEAST = 2  # columns that a line of somebody without a phone tells


def split(text: str) -> list[Written]:
    """The lines that say something, numbered; a line of a place alone stands above others."""
    lines = _unnumbered([line for line in text.splitlines() if folded(line).strip()])
    found, place, number = [], "", 0
    for line in lines:
        said = pieces(folded(line))
        if _is_title(said):
            continue
        if len(said) == 1 and _PLACE.fullmatch(said[0]):
            place = said[0]
            continue
        number += 1
        found.append(Written(number, line.strip(), place))
    return found


def looks_so(text: str) -> bool:
    """Whether a message is one or more households and not a sentence."""
    written = split(text)
    alike = sum(_is_household(one.text) for one in written)
    return alike > 0 and alike * 2 >= len(written)


def _is_household(line: str) -> bool:
    said = pieces(folded(line))
    cells = read(said)
    told = cells.coded + len(cells.flaws) + any(is_same(piece) for piece in said)
    if not cells.has("phone"):
        return told >= _LEAST and len(cells.unknown) in (1, 2, 3)
    return bool(cells.unknown or told) and len(cells.unknown) <= len(SHEET)


def _is_title(said: Sequence[str]) -> bool:
    """A line of headings or of a total, or one that only says what follows."""
    if said and _TOTAL.match(said[0]):
        return True
    if len(said) > 1 and (all(map(is_label, said)) or is_heading(said)):
        return True
    cells = read(said)
    return not (cells.said or cells.unknown or cells.flaws or any(map(is_same, said)))


def _unnumbered(lines: Sequence[str]) -> list[str]:
    """Without row numbers: written with a mark after them, or counting up from line to line."""
    plain = [_ORDINAL.sub("", line) for line in lines]
    rows = [int(found[1]) for line in plain if (found := _ROW.match(line))]
    is_counted = len(rows) > 1 and rows == list(range(rows[0], rows[0] + len(rows)))
    if is_counted and len(rows) * 2 > len(plain):
        return [_ROW.sub("", line) for line in plain]
    return plain


def in_two(first: str, second: str) -> Iterator[str]:
    """The ways in which a line that a channel cut in two may have read as one."""
    yield first + second
    yield f"{first} {second}"
