"""A content file: its words, its data, and the faults found in it, each with its line."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from knowledge.entry import SLOTS

_LINE = re.compile(r"\(at line (\d+)")
_WORDS = re.compile(r"[a-z0-9-]+")
_Enum = TypeVar("_Enum", bound=StrEnum)
LONGEST_PAGE = 400_000  # bytes
_YEARS = range(1900, 2200)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a content file, and where."""

    file: str
    line: int
    fault: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.fault}"


def named_in(fault: Fault) -> frozenset[str]:
    """The ids of entries, and other such words, that a fault names."""
    return frozenset(_WORDS.findall(fault.fault))


class EntryFault(ValueError):
    """A content file that cannot be used; the message says why and where."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


class Table:
    """A TOML table that collects faults instead of failing at the first."""

    def __init__(self, data: Mapping[str, Any], page: "Page", name: str = "") -> None:
        self.data = data
        self.page = page
        self.name = name

    def fault(self, key: str, fault: str) -> None:
        """Note a fault at the line of this key."""
        self.page.note(self.name, key, fault)

    def allow(self, *keys: str) -> None:
        """Report keys that mean nothing here, which are mostly misspelled ones."""
        for key in self.data.keys() - set(keys):
            self.fault(key, f"不认识的项“{key}”")

    def _of(self, key: str, kind: type | tuple[type, ...], empty: Any, *, needed: bool) -> Any:
        value = self.data.get(key)
        if value is None:
            if needed:
                self.fault(key, f"缺少“{key}”")
            return empty
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.fault(key, f"“{key}”的类型不对")
            return empty
        return value

    def text(self, key: str, *, needed: bool = True) -> str:
        """A string."""
        return str(self._of(key, str, "", needed=needed))

    def said(self, key: str) -> str:
        """A string that must not be empty."""
        text = self.text(key)
        if key in self.data and not text.strip():
            self.fault(key, f"“{key}”不能空着")
        return text

    def texts(self, key: str, *, needed: bool = True) -> tuple[str, ...]:
        """A list of strings."""
        values = self._of(key, list, [], needed=needed)
        if not all(isinstance(v, str) and v.strip() for v in values):
            self.fault(key, f"“{key}”里每一项都要是文字")
            return ()
        return tuple(values)

    def choice(self, key: str, kinds: type[_Enum], default: _Enum) -> _Enum:
        """One word of a closed list."""
        word = self.text(key)
        try:
            return kinds(word)
        except ValueError:
            if key in self.data:
                self.fault(key, f"“{key}”不能是“{word}”，只能是：{' '.join(kinds)}")
            return default

    def slot(self, key: str) -> str:
        """One of the closed list of slots, or none for what is only talk."""
        word = self.text(key)
        if word and word not in SLOTS:
            self.fault(key, f"“{word}”不在 slot 的清单里")
        return word

    def day(self, key: str) -> date | None:
        """A date, or nothing."""
        text = self.text(key, needed=False)
        if not text:
            return None
        day = day_of(text)
        if day is None:
            self.fault(key, f"“{key}”不是日期：{text}")
        return day

    def tables(self, key: str) -> list["Table"]:
        """A list of tables."""
        values = self._of(key, list, [], needed=False)
        if not all(isinstance(value, dict) for value in values):
            self.fault(key, f"“{key}”里每一项都要是一张表")
        return [Table(v, self.page, key) for v in values if isinstance(v, dict)]

    def named(self, key: str) -> list[tuple[str, "Table"]]:
        """Tables by their names."""
        tables = self._of(key, dict, {}, needed=False)
        if not all(isinstance(value, dict) for value in tables.values()):
            self.fault(key, f"“{key}”里每一项都要是一张表")
        page = self.page
        return [
            (n, Table(t, page, f"{key}.{n}")) for n, t in tables.items() if isinstance(t, dict)
        ]

    def words(self, key: str, *, needed: bool = True) -> dict[str, str]:
        """Words with what they mean."""
        table = self._of(key, dict, {}, needed=needed)
        if not all(isinstance(meant, str) for meant in table.values()):
            self.fault(key, f"“{key}”里每一项都要是文字")
            return {}
        return dict(table)

    def lists(self, key: str) -> dict[str, tuple[str, ...]]:
        """Lists of strings by their names."""
        table = Table(self._of(key, dict, {}, needed=False), self.page, key)
        return {name: table.texts(name) for name in table.data}

    def pairs(self, key: str) -> list[tuple[str, tuple[str, ...]]]:
        """A list of names, each with a list of strings."""
        values = self._of(key, list, [], needed=True)
        if not all(_is_pair(value) for value in values):
            self.fault(key, f'“{key}”里每一项都要写成 ["意思", ["说法", …]]')
            return []
        return [(name, tuple(words)) for name, words in values]


def _is_pair(value: object) -> bool:
    if not isinstance(value, list) or len(value) != 2 or not isinstance(value[1], list):
        return False
    return all(isinstance(word, str) for word in (value[0], *value[1]))


def day_of(text: str) -> date | None:
    """The day that YYYY-MM-DD means, if it means one of our times."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in _YEARS else None


class Page:
    """A content file as it was read; what is found wrong later does not change it."""

    def __init__(self, path: str, content: bytes) -> None:
        self.path = path
        self.faults: list[Fault] = []
        self._text = ""
        self.top = Table(self._parsed(content), self)

    def _parsed(self, content: bytes) -> dict[str, Any]:
        if len(content) > LONGEST_PAGE:
            self.faults.append(Fault(self.path, 1, f"太长了，不能超过{LONGEST_PAGE}个字节"))
            return {}
        try:
            self._text = content.decode("utf-8").replace("\r\n", "\n")
            return tomllib.loads(self._text)
        except UnicodeDecodeError as error:
            self.faults.append(Fault(self.path, 1, f"不是 UTF-8 文字：{error.reason}"))
        except tomllib.TOMLDecodeError as error:
            line = _LINE.search(str(error))
            number = int(line.group(1)) if line else self._text.count("\n") + 1
            self.faults.append(Fault(self.path, number, f"TOML 写错了：{error}"))
        except (
            ValueError,
            RecursionError,
        ):  # a number of thousands of digits, a thousand brackets
            self.faults.append(Fault(self.path, 1, "TOML 写错了：有太长的数字或太多层括号"))
        return {}

    @property
    def is_parsed(self) -> bool:
        """Whether there is anything to validate."""
        return bool(self.top.data) or not self.faults

    def note(self, table: str, key: str, fault: str) -> None:
        """Keep a fault of the page itself."""
        self.faults.append(self.fault(table, key, fault))

    def fault(self, table: str, key: str, fault: str) -> Fault:
        """A fault with the line of its key, or of its table where the key is missing."""
        return Fault(self.path, self._line(table, key), fault)

    def _line(self, table: str, key: str) -> int:
        lines = self._text.splitlines()
        start = _first(lines, 0, rf'\s*\[+"?{re.escape(table)}"?\]+') if table else 0
        found = _first(lines, start or 0, rf'\s*"?{re.escape(key)}"?\s*=')
        return (start or 0 if found is None else found) + 1


def _first(lines: list[str], start: int, pattern: str) -> int | None:
    matches = re.compile(pattern).match
    return next((i for i in range(start, len(lines)) if matches(lines[i])), None)
