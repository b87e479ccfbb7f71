"""Drawing lots: what a text always draws, on both databases and here: three from 0 to 99."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import ColumnElement, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

_BYTES = 5  # of the hash: they fit a bigint of PostgreSQL's
_ALL = 1_000_000  # three lots


class drawn(FunctionElement[int]):
    """What a text column draws: three lots in one number, for on SQLite a draw costs a call."""

    name = "drawn"
    type = Integer()
    inherit_cache = True


def lot(draw: ColumnElement[int], place: int) -> ColumnElement[int]:
    """The first, second or third (0 to 2) of the lots drawn."""
    found: ColumnElement[int] = draw // 100**place % 100
    return found


def draw(text: str) -> int:
    """The same number, in memory."""
    digest = hashlib.md5(text.encode(), usedforsecurity=False).digest()
    number = int.from_bytes(digest[:_BYTES], "big")
    return number % _ALL


@compiles(drawn, "sqlite")
def _in_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"drawn({compiler.process(element.clauses, **kw)})"


@compiles(drawn, "postgresql")
def _in_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    text = compiler.process(element.clauses, **kw)
    digits, bits = _BYTES * 2, _BYTES * 8
    return f"mod(('x' || substr(md5({text}), 1, {digits}))::bit({bits})::bigint, {_ALL})::int"
