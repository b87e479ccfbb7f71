"""What a kind of export is: a list read page by page, or a paper made whole."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from console.exports.mark import Mark
from console.exports.sheet import Value
from console.work import Task
from records.database import Session
from records.rights import Right
from records.staff_accounts import Staff
from records.vault import Vault


class Shape(StrEnum):
    """As what the file is wanted."""

    XLSX = "xlsx"
    CSV = "csv"
    DOCX = "docx"
    ZIP = "zip"


TABLES = (Shape.XLSX, Shape.CSV)


class ExportRefusal(Exception):
    """It cannot be asked for or taken like this; one sentence in Chinese for the page."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted, by whom; `values` are the filters of the kind, checked by its functions."""

    what: str
    staff: Staff
    now: datetime
    shape: Shape = Shape.XLSX
    values: Mapping[str, str] = field(default_factory=dict)
    why: str = ""


@dataclass(frozen=True, slots=True)
class Some:
    """Rows of a list in the order of its columns; `after` is where to go on, "" at the end."""

    rows: Sequence[Sequence[Value]]
    after: str = ""


Count = Callable[[Session, Asked], int]  # rows with people; ExportRefusal for wrong filters


@dataclass(frozen=True, slots=True)
class Listing:
    """A list; `columns` are headings by key, `filters` what its values are called."""

    key: str
    title: str
    columns: Mapping[str, str]
    count: Count
    some: Callable[[Session, Vault, Asked, str], Some]
    filters: Mapping[str, str] = field(default_factory=dict)
    right: Right = Right.EXPORT
    shapes: tuple[Shape, ...] = TABLES


@dataclass(frozen=True, slots=True)
class Paper:
    """A file made whole, by a function that puts the mark into it (mark_book, mark_document).

    `count` says how many rows with people are in it: 0 where there are figures only.
    """

    key: str
    title: str
    count: Count
    make: Callable[[Task, Asked, Mark], Awaitable[bytes]]
    shapes: tuple[Shape, ...]
    filters: Mapping[str, str] = field(default_factory=dict)
    right: Right = Right.REPORTS


Kind = Listing | Paper

_MONEY = re.compile(
    r"征信|信用|失信|逾期|欠款|债务|负债|贷款余额|存款|财产|资产|收入|工资|房产|车辆"
    r"|银行|账号|本钱|自有资金|家底"
)
_NOT_MEANT = re.compile(r"(?:统一社会)?信用代码|信用村|信用镇")
_KEYS = re.compile(r"capital|credit|debt|property|income|asset|bank|saving")
_IS_CODE = frozenset({"credit_code"})  # of a business


def forbidden(columns: Mapping[str, str] | Iterable[str]) -> list[str]:
    """Columns that never leave: of people's credit and property (domain P-28)."""
    named = columns.items() if isinstance(columns, Mapping) else ((c, c) for c in columns)
    return [heading for key, heading in named if _is_of_money(key, heading)]


def _is_of_money(key: str, heading: str) -> bool:
    return bool(_MONEY.search(_NOT_MEANT.sub("", heading))) or bool(
        key not in _IS_CODE and _KEYS.search(key)
    )
