"""The value of a column as it stands in a cell, and back again."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from knowledge.entry import Document, Kind, Status
from knowledge.exchange import lines
from knowledge.exchange.cells import (
    LONGEST_CELL,
    Cell,
    Made,
    cell_of,
    day_of,
    safe,
    year_or_day_of,
)
from knowledge.exchange.columns import Column, Shape
from knowledge.exchange.labels import meant
from knowledge.exchange.lines import LineFault, lines_of

_WORD_MARKS = re.compile(r"[\n、,，;；]")
_BRACKETS = re.compile(r"[\s〔〕\[\]【】()（）《》]")
_MOST_DIGITS = 15  # a spreadsheet rounds what has more
_SERVICE_NUMBER = re.compile(r"[48]00\d{7}|1\d{10}")
_DEFAULTS = {"kind": str(Kind.POLICY), "status": str(Status.IN_FORCE)}
_MANY_LINES = frozenset({"answer", "detail", "note"})


class Papers:
    """The documents of an area under the names that people write for them, and its figures."""

    def __init__(
        self, documents: Mapping[str, Document], figures: lines.Figures = lines.NOWHERE
    ) -> None:
        self.figures = figures  # by reference: "dingtao-loan-cap.cap"
        names = [(key, _bare(name)) for key, d in documents.items() for name in _names(key, d)]
        count = Counter(name for _, name in names)
        self._keys = {name: key for key, name in names if count[name] == 1}
        self.labels = {key: self._label(key, d) for key, d in documents.items()}

    def _label(self, key: str, document: Document) -> str:
        """The first of its names that is its alone."""
        return next((n for n in _names(key, document) if self._keys.get(_bare(n)) == key), key)

    def key(self, name: str) -> str | None:
        """The key of the document that is meant."""
        return self._keys.get(_bare(name))


def _names(key: str, document: Document) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (document.number, document.title, key))))


def _bare(name: str) -> str:
    return _BRACKETS.sub("", unicodedata.normalize("NFKC", name))


NO_PAPERS = Papers({})


def shown(column: Column, value: Any, papers: Papers) -> str:
    """The text of a cell for a value of the entry format."""
    match column.shape:
        case Shape.CHOICE:
            text = column.labels.get(value or "", str(value or ""))
        case Shape.LINES | Shape.WORDS:
            text = "\n".join(value or ())
        case Shape.SOURCE:
            text = papers.labels.get(value or "", value or "")
        case Shape.FIGURES:
            text = lines.figure_lines(value or {}, papers.figures)
        case Shape.RULES:
            text = lines.rule_lines(value or ())
        case Shape.ASKED:
            text = lines.asked_lines(value or {})
        case Shape.REASONS:
            text = lines.reason_lines(value or {})
        case _:
            text = str(value or "")
    kept = safe(text)
    if len(kept) > LONGEST_CELL:
        raise LineFault(f"“{column.heading}”超过一格能放的 {LONGEST_CELL} 个字，放不进表格")
    return kept


def fingerprint(texts: Iterable[str]) -> str:
    """What tells two states of a row apart: the texts of its cells, in the columns' order."""
    words = "\x1f".join(cell_of(text).text for text in texts)
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def changed(column: Column, old: Any, cell: Cell, papers: Papers) -> tuple[bool, Any]:
    """Whether a cell says something else than the old value, and what; LineFault if unclear."""
    before = cell_of(shown(column, old, papers))
    if cell.text == before.text:
        return False, old
    if cell.made is Made.NUMBER and before.text == f"0{cell.text}":
        return False, old  # the program took a leading zero off
    new = value_of(column, cell, papers)
    same = before.text != "" and new == value_of(column, before, papers)
    return (False, old) if same or (not new and not old) else (True, new)


def value_of(column: Column, cell: Cell, papers: Papers) -> Any:
    """The value of a cell in the entry format; LineFault says what is wrong and the mend."""
    if cell.made is Made.FORMULA:
        raise LineFault("这一格是公式，请改成文字（复制后“选择性粘贴—数值”）")
    if cell.made is Made.ERROR:
        raise LineFault(f"这一格是表格的错误值 {cell.text}，请改成文字")
    if not cell.text:
        return _DEFAULTS.get(column.key, _EMPTY.get(column.shape, str)())
    return _READERS[column.shape](column, cell, papers)


_EMPTY: dict[Shape, Callable[[], Any]] = {
    Shape.LINES: list,
    Shape.WORDS: list,
    Shape.RULES: list,
    Shape.FIGURES: dict,
    Shape.ASKED: dict,
    Shape.REASONS: dict,
}


def _text(column: Column, cell: Cell, _: Papers) -> str:
    if cell.made is Made.DAY:
        raise LineFault(f"这一格被表格变成了日期（{cell.text}），请把格式设成“文本”再写一遍")
    if cell.made is Made.NUMBER and len(cell.text) > _MOST_DIGITS:
        raise LineFault("数字太长，表格已经改了末尾几位，请把格式设成“文本”再写一遍")
    whole = cell.text if column.key in _MANY_LINES else "".join(lines_of(cell.text))
    return whole.strip()


def _code(_column: Column, cell: Cell, _: Papers) -> str:
    return re.sub(r"\s", "", cell.short)


def _phone(column: Column, cell: Cell, papers: Papers) -> str:
    text = unicodedata.normalize("NFKC", _text(column, cell, papers))
    if cell.made is Made.NUMBER and len(text) in (10, 11) and not _SERVICE_NUMBER.fullmatch(text):
        raise LineFault(
            f"电话 {text} 被表格当成了数字，区号前面的 0 丢了；请把格式设成“文本”再写一遍"
        )
    return text


def _choice(column: Column, cell: Cell, _: Papers) -> str:
    word = meant(column.labels, cell.short)
    if word is None:
        choices = "、".join(filter(None, column.labels.values()))
        raise LineFault(f"“{cell.short}”不在清单里，请从这些里选：{choices}")
    return word


def _lines(column: Column, cell: Cell, papers: Papers) -> list[str]:
    _text(column, cell, papers)
    return lines_of(cell.text)


def _words(column: Column, cell: Cell, papers: Papers) -> list[str]:
    _text(column, cell, papers)
    words = words_of(cell.text)
    wrong = [word for word in words if column.labels and word not in column.labels]
    if wrong:
        raise LineFault(f"“{wrong[0]}”不在清单里，请从这些里选：{'、'.join(column.labels)}")
    return words


def words_of(text: str) -> list[str]:
    """The words of a list, however they are divided."""
    return list(dict.fromkeys(word.strip() for word in _WORD_MARKS.split(text) if word.strip()))


def _day(_column: Column, cell: Cell, _: Papers) -> str:
    day = day_of(cell)
    if day is None:
        raise LineFault(f"“{cell.short}”不是日期，请写成 2027-06-30 这样")
    return day


def _year(_column: Column, cell: Cell, _: Papers) -> str:
    day = year_or_day_of(cell)
    if day is None:
        raise LineFault(f"“{cell.short}”不是日期，请写成 2027-06-30，只知道年份的写 2027")
    return day


def _source(_column: Column, cell: Cell, papers: Papers) -> str:
    key = papers.key(cell.text)
    if key is None:
        known = "、".join(papers.labels.values()) or "（还没有，请先填“文件”表）"
        raise LineFault(f"没有“{cell.short}”这个文件；这个地区的文件有：{known}")
    return key


def _figures(_column: Column, cell: Cell, papers: Papers) -> dict[str, dict[str, Any]]:
    return lines.read_figures(cell.text, papers.figures)


def _rules(_column: Column, cell: Cell, _: Papers) -> list[dict[str, Any]]:
    return lines.read_rules(cell.text)


def _asked(_column: Column, cell: Cell, _: Papers) -> dict[str, list[str]]:
    return lines.read_asked(cell.text)


def _reasons(_column: Column, cell: Cell, _: Papers) -> dict[str, str]:
    return lines.read_reasons(cell.text)


_Reader = Callable[[Column, Cell, Papers], Any]
_READERS: dict[Shape, _Reader] = {
    Shape.TEXT: _text,
    Shape.CODE: _code,
    Shape.PHONE: _phone,
    Shape.CHOICE: _choice,
    Shape.LINES: _lines,
    Shape.WORDS: _words,
    Shape.DAY: _day,
    Shape.YEAR: _year,
    Shape.SOURCE: _source,
    Shape.FIGURES: _figures,
    Shape.RULES: _rules,
    Shape.ASKED: _asked,
    Shape.REASONS: _reasons,
}
