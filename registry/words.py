"""Words in a column of a list as codes: one, or several in a cell; unknown ones are said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from registry.columns import bare

_NUMBERED = re.compile(r"^\s*(?:[①-⑨]|\(?\d{1,2}\s*[.、)．）:：]|\d{1,2}(?=[^\d\s个月年岁]))\s*")
_TICKED = re.compile(r"[☑✓✔√■●]\s*([^□☐○\s]+)")
_BETWEEN = re.compile(r"[\s,，、;；/／|+＋和及]+")
_REMEMBERED = 20_000  # different texts of a column


class Words:
    """The codes that the words of one column stand for."""

    def __init__(self, known: Mapping[str, str], own: Mapping[str, str]) -> None:
        """`known` is word → code; `own`, of a map file, word → a known word."""
        self._codes = {bare(word): code for word, code in known.items()}
        self._codes |= {
            bare(word): self._codes[bare(ours)] for word, ours in own.items() if self.knows(ours)
        }
        self._seen: dict[str, str | None] = {}
        self._seen_many: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}

    def knows(self, word: str) -> bool:
        """Whether a map file may name this word as ours."""
        return bare(word) in self._codes

    def code(self, text: str) -> str | None:
        """The code of a cell; "" for a word that says nothing to us, None for one unknown."""
        if text not in self._seen:
            _make_room(self._seen)
            self._seen[text] = self._found(text)
        return self._seen[text]

    def codes(self, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The codes of a cell that may hold several words, and the words that are unknown."""
        if text not in self._seen_many:
            _make_room(self._seen_many)
            self._seen_many[text] = self._all_found(text)
        return self._seen_many[text]

    def _all_found(self, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        whole = self._found(text)
        if whole is not None:
            return ((whole,) if whole else ()), ()
        parts = [part for part in _BETWEEN.split(text) if part]
        found = {part: self._found(part) for part in parts}
        codes = dict.fromkeys(code for code in found.values() if code)
        return tuple(codes), tuple(part for part, code in found.items() if code is None)

    def _found(self, text: str) -> str | None:
        for form in _forms(text):
            if form in self._codes:
                return self._codes[form]
        return None


def _forms(text: str) -> Iterable[str]:
    yield bare(text)
    ticked = _TICKED.findall(text)
    if len(ticked) == 1:
        yield bare(ticked[0])
    yield bare(_NUMBERED.sub("", text))


def _make_room(seen: dict[str, Any]) -> None:
    if len(seen) >= _REMEMBERED:
        seen.clear()
