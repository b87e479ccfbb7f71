"""A text file as rows of cells: its encoding and its delimiter found, a stray quote contained."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from knowledge.exchange.cells import cell_of
from knowledge.exchange.guard import FileRefused
from registry.sheets import MOST_COLUMNS, Book, RawRow, Sheet

LARGEST_FILE = 200 * 2**20
_ENCODINGS = ("utf-8-sig", "gb18030", "big5")
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_DELIMITERS = (",", "\t", ";", "|", "，", "；", "、", "｜")
_LOOKED_AT = 40  # lines that tell the delimiter
_LONGEST_ROW = 30  # lines of one row: what goes on longer is a quote that nobody closed
_LONGEST_CELL = 4_000
_PIECE = 2**20
_KEPT_AS_TEXT = re.compile(r'="([^"]*)"')  # how programs keep the zeros of a number
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_PAGE = re.compile(rb"^\s*(?:<!doctype html|<html|<table|<\?xml)", re.I)
_LINE_END = re.compile(r"\r\n|\n|\r")


def read(data: bytes) -> Book:
    """The rows of a text file; FileRefused with one sentence if it is none."""
    if len(data) > LARGEST_FILE:
        raise FileRefused(f"文件超过 {LARGEST_FILE >> 20} MB，请按地区分成几个文件再导入。")
    if _PAGE.match(data):
        raise FileRefused("这是网页，不是表格；请用表格软件打开它，另存为 .xlsx 再导入。")
    encoding = _encoding(data)
    lines = _Lines(data, encoding)
    head = [line for line in islice(lines, _LOOKED_AT) if line.strip()]
    if not head:
        raise FileRefused("这个文件是空的。")
    delimiter = _delimiter(head)
    name = "utf-8" if encoding == "utf-8-sig" else encoding
    notices = () if name == "utf-8" else (f"文字是 {name.upper()} 编码，照这个读的。",)
    return Book((Sheet("", lambda: _rows(_Lines(data, encoding), delimiter)),), notices)


class _Lines:
    """The lines of the bytes, decoded a piece at a time, as often as they are asked for."""

    def __init__(self, data: bytes, encoding: str) -> None:
        self._data, self._encoding = data, encoding

    def __iter__(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(self._encoding)()
        rest = ""
        for start in range(0, len(self._data), _PIECE):
            piece = self._data[start : start + _PIECE]
            text = rest + decoder.decode(piece, start + _PIECE >= len(self._data))
            # A \r at the end may be half of a line's end.
            whole = text[:-1] if text.endswith("\r") else text
            *lines, rest = _LINE_END.split(whole)
            rest += text[len(whole) :]
            yield from lines
        if rest:
            yield rest.rstrip("\r")


def _encoding(data: bytes) -> str:
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return _sound(data, encoding)
    if _BINARY.search(data[:65_536]):
        raise FileRefused("这不是表格文件，只收 .xlsx 和 .csv。")
    for encoding in _ENCODINGS:
        try:
            return _sound(data, encoding)
        except FileRefused:
            continue
    raise FileRefused("文字读不出来，请在表格软件里另存为“CSV UTF-8”或 .xlsx 再导入。")


def _sound(data: bytes, encoding: str) -> str:
    """The encoding, if all of the data is of it."""
    try:
        for _ in _Lines(data, encoding):
            pass
    except UnicodeError as fault:
        raise FileRefused("文字读不出来，请在表格软件里另存为 .xlsx 再导入。") from fault
    return encoding


def _delimiter(head: Sequence[str]) -> str:
    """What cuts most lines into equally many cells; of equals the more common."""

    def evenness(delimiter: str) -> tuple[int, int]:
        counts = Counter(line.count(delimiter) for line in head)
        counts.pop(0, None)
        if not counts:
            return 0, 0
        number, lines = counts.most_common(1)[0]
        return lines, number

    return max(_DELIMITERS, key=evenness)


def _rows(lines: _Lines, delimiter: str) -> Iterator[RawRow]:
    numbered = enumerate(lines, 1)
    waiting: list[tuple[int, str]] = []
    while True:
        number, line = waiting.pop(0) if waiting else next(numbered, (0, ""))
        if not number:
            return
        if line.count('"') % 2:
            more = _until_closed(numbered, waiting)
            if more is None:
                yield RawRow(number, {}, fault="这一行有个引号没有配对，请改好再导入")
                continue
            line = "\n".join([line, *more])
        row = _row(number, line, delimiter)
        if row is not None:
            yield row


def _until_closed(
    numbered: Iterator[tuple[int, str]], waiting: list[tuple[int, str]]
) -> list[str] | None:
    """The lines up to the one that closes the quote; None, and all of them kept, if none does."""
    while len(waiting) < _LONGEST_ROW:
        following = next(numbered, None)
        if following is None:
            break
        waiting.append(following)
    for count, (_, line) in enumerate(waiting, 1):
        if line.count('"') % 2:
            taken = [text for _, text in waiting[:count]]
            del waiting[:count]
            return taken
    return None


def _row(number: int, line: str, delimiter: str) -> RawRow | None:
    if not line.strip():
        return None
    try:
        values = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True))
    except (csv.Error, StopIteration):
        return RawRow(number, {}, fault="这一行读不出来，请改好再导入")
    cells = {
        at: cell_of(_text(value[:_LONGEST_CELL]))
        for at, value in enumerate(values[:MOST_COLUMNS])
        if value and not value.isspace()
    }
    return RawRow(number, cells) if cells else None


def _text(value: str) -> str:
    kept = _KEPT_AS_TEXT.fullmatch(value.strip()) if value.startswith("=") else None
    return kept.group(1) if kept else value
