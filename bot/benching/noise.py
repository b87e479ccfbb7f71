"""Questions as a hasty thumb, an accent or a microphone would bring them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable

from opencc import OpenCC

from knowledge.sounds import alike
from knowledge.text import readings

KINDS = ("homophone", "accent", "typo", "traditional", "voice", "colloquial")
_SHARE = 0.2  # of the characters, and at least one
_WRITINGS = 8  # of a sound, the most frequent ones
_BEFORE = ("那个", "请问一下", "我想问问", "就是说", "师傅", "麻烦问下", "哎", "你好")
_AFTER = ("啊", "呀", "来着", "呢", "谢谢", "急", "咋整", "嘞")


class Noise:
    """Spoils questions; characters come from the questions that it was made from."""

    def __init__(self, questions: Iterable[str], dice: random.Random) -> None:
        self._dice = dice
        self._script = OpenCC("s2t")
        frequent = [c for c, _ in Counter("".join(questions)).most_common() if c in readings()]
        self._all = frequent[:1000]
        self._same: dict[str, list[str]] = {}
        self._near: dict[str, list[str]] = {}
        for character in frequent:
            syllable = readings()[character]
            self._same.setdefault(syllable, []).append(character)
            self._near.setdefault(alike(syllable), []).append(character)

    def of(self, question: str, kind: str) -> str:
        """The question with this kind of noise."""
        if kind == "traditional":
            written: str = self._script.convert(question)
            return written
        if kind == "colloquial":
            return f"{self._dice.choice(_BEFORE)}{question}{self._dice.choice(_AFTER)}"
        if kind == "voice":
            heard = self._changed(question, "homophone")
            return f"{self._dice.choice(_BEFORE)}{''.join(c for c in heard if c.isalnum())}"
        return self._changed(question, kind)

    def _changed(self, question: str, kind: str) -> str:
        characters = list(question)
        spots = [n for n, c in enumerate(characters) if c in readings()]
        self._dice.shuffle(spots)
        for spot in spots[: max(1, round(len(spots) * _SHARE))]:
            characters[spot] = self._other(characters[spot], kind)
        return "".join(characters)

    def _other(self, character: str, kind: str) -> str:
        if kind == "typo":
            return self._dice.choice(("", character * 2, self._dice.choice(self._all)))
        syllable = readings()[character]
        key, writings = (
            (syllable, self._same) if kind == "homophone" else (alike(syllable), self._near)
        )
        others = [c for c in writings.get(key, [])[:_WRITINGS] if c != character]
        return self._dice.choice(others) if others else character
