"""Texts cut into messages that people can take in: short, a few lines each (domain rule 3.3-1)."""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST, MOST_LINES = 90, 4  # characters and lines of one message
_REMEMBERED = 2048  # answers kept in pieces: on a busy evening many get the same
_CHINESE = re.compile("[\u3400-\u9fff]+")
_PIECE = re.compile(r"[^。!?;；！？\n]*[。!?;；！？\n]?")
_CLAUSE = re.compile(r"[^,，、]*[,，、]?")


@lru_cache(_REMEMBERED)
def parts(text: str) -> tuple[str, ...]:
    """An answer cut into messages, at the ends of lines and sentences."""
    found: list[str] = []
    for piece in sentences(text):
        joined = found[-1] + piece if found else piece
        if found and is_short(joined):
            found[-1] = joined
        else:
            found.append(piece)
    return tuple(part.strip() for part in found if part.strip())


def is_short(text: str) -> bool:
    """Whether an answer is: figures, dates and document numbers are not Chinese characters."""
    chinese = sum(map(len, _CHINESE.findall(text)))
    return chinese <= LONGEST and text.strip().count("\n") < MOST_LINES


def sentences(text: str) -> list[str]:
    """A text at its seams: lines and sentences, long ones cut at their commas."""
    found: list[str] = []
    for piece in _PIECE.findall(text):
        if len(piece) <= LONGEST:
            found.append(piece)
        else:
            found += _smaller(piece)
    return [piece for piece in found if piece]


def _smaller(piece: str) -> list[str]:
    clauses: list[str] = []
    for clause in _CLAUSE.findall(piece):
        if clauses and len(clauses[-1] + clause) <= LONGEST:
            clauses[-1] += clause
        else:
            clauses += [clause[i : i + LONGEST] for i in range(0, len(clause), LONGEST)]
    return clauses
