"""Drawing lots: a number from 0 to 99 that a text always gets, on both databases and here."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

_DIGITS = 7  # of the hash, in base 16: they fit an integer of PostgreSQL's


class drawn(FunctionElement[int]):
    """The lot of a text column."""

    name = "drawn"
    type = Integer()
    inherit_cache = True


def draw(text: str) -> int:
    """The same lot, in memory."""
    digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    return int(digest[:_DIGITS], 16) % 100


@compiles(drawn, "sqlite")
def _in_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"drawn({compiler.process(element.clauses, **kw)})"


@compiles(drawn, "postgresql")
def _in_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    text = compiler.process(element.clauses, **kw)
    return f"mod(('x' || substr(md5({text}), 1, {_DIGITS}))::bit({_DIGITS * 4})::int, 100)"
