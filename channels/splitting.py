"""Long text → parts that a channel can carry, cut where a reader would pause."""

from __future__ import annotations

import re
import unicodedata

# Where to cut, best first: between paragraphs, lines, sentences, phrases, words.
_PAUSES = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"[。！？!?…；;]+[”’」』）)》]*|\.(?=\s)"),
    re.compile(r"[，、,：:]"),
    re.compile(r"\s"),
)
_JOINER = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
_TAGS = range(0xE0020, 0xE0080)


def split(text: str, limit: int) -> list[str]:
    """Parts of at most `limit` characters that together say all of `text`.

    Only white space around a cut is dropped. No cut falls inside what a reader sees as one sign
    (an emoji of several characters, a letter with its marks), unless that sign alone is too long.
    """
    if len(text) <= limit:
        return [text]
    parts = []
    rest = text.strip()
    while len(rest) > limit:
        cut = _cut(rest, limit)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*parts, rest] if rest else parts or [""]


def _cut(text: str, limit: int) -> int:
    """Where the first part ends: at the best pause in its second half, else where it is full."""
    for pause in _PAUSES:
        ends = [m.end() for m in pause.finditer(text, limit // 2, limit)]
        for end in reversed(ends):
            if not _joins(text, end):
                return end
    return _before_sign(text, limit)


def _before_sign(text: str, at: int) -> int:
    start = at
    while start > 0 and _joins(text, start):
        start -= 1
    return start or at


def _joins(text: str, at: int) -> bool:
    """Whether the characters on both sides of `at` belong to one sign."""
    before, after = text[at - 1], text[at]
    if _JOINER in (before, after) or (before == "\r" and after == "\n"):
        return True
    if ord(after) in _FLAG_LETTERS:
        return _flag_letters_before(text, at) % 2 == 1
    return _continues(after)


def _continues(character: str) -> bool:
    code = ord(character)
    return code in _SKIN_TONES or code in _TAGS or unicodedata.category(character)[0] == "M"


def _flag_letters_before(text: str, at: int) -> int:
    start = at
    while start > 0 and ord(text[start - 1]) in _FLAG_LETTERS:
        start -= 1
    return at - start
