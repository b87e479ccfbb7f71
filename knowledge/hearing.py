"""A message heard: normalised, misspellings repaired, places found, common words, cut into questions."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.areas import Gazetteer, Mention
from knowledge.speller import Speller
from knowledge.text import letters, normalise
from knowledge.wording import Wording

# Where somebody lives or works is not the place whose rules are asked about.
_AT = re.compile(r"(在|到|去|从|给|搁|来|跑)$")
_WORK = re.compile(
    r"^(这边|那边|这里|那里|这儿)?(都|才|就|也)?(打工|打了|上班|务工|做工|做事|干活|工作|待|呆|住|厂|工地|回来|回去|搞事|搞建筑|当|跑|漂|混|已经|好几年|多年|[\d一二三四五六七八九十几]+(年|个月|多年))"
)
_ASKING = re.compile(
    r"多少|几|什么|哪|谁|怎么|怎样|咋|啥|吗|么$|没$|没有$|不$|呢$|有没有|有无|能不能|可不可以|是不是|会不会|"
    r"要不要|行不行|给不给|够不够|算不算|多久|多长|多大|多高|还是|能否|是否|如何|何时|为何|吧$|哩$|咧$|嘛$|不是.*吗|对不对|中不中"
)
_BREAK = re.compile(
    r"[?!。;]+|,|、(?=.*(?:还有|另外|以及))|(?=还有(?!没|多|几|谁|哪|什么|啥|人|用|效))|(?=另外)|(?=以及)"
)


@dataclass(frozen=True, slots=True)
class Heard:
    """One question: as typed but repaired, in plain words, and the places it names."""

    said: str
    plain: str
    mentions: tuple[Mention, ...]


class Ear:
    """Hears with the spelling of the packs."""

    def __init__(self, wording: Wording, areas: Gazetteer, texts: Iterable[str]) -> None:
        self._wording = wording
        self._areas = areas
        self._speller = Speller(map(letters, map(normalise, texts)))

    def spelled(self, message: str, near: str | None) -> str:
        """The message in normal spelling; the names of places are not touched."""
        text = normalise(message)
        kept = {i for m in self._areas.mentions(text, near=near) for i in range(m.start, m.end)}
        return self._speller.repaired(text, frozenset(kept))

    def heard(self, text: str, near: str | None) -> Heard:
        """A spelled text with its places, and without what is only noise."""
        mentions = self._areas.mentions(text, near=near)
        return Heard(text, self._wording.plain(text), mentions)


def is_workplace(text: str, mention: Mention) -> bool:
    """Whether the place is only where the asker lives or works."""
    before, after = text[: mention.start], text[mention.end :]
    return bool(_AT.search(before) and _WORK.match(after))


def questions(text: str) -> list[str]:
    """The questions in a text, each with the remarks made before it; one if it cannot be cut."""
    parts: list[str] = []
    remark = ""
    for clause in filter(None, (c.strip() for c in _BREAK.split(text))):
        if _ASKING.search(clause):
            parts.append(f"{remark},{clause}" if remark else clause)
            remark = ""
        else:
            remark = f"{remark},{clause}" if remark else clause
    if remark and parts:
        parts[-1] = f"{parts[-1]},{remark}"
    return parts or [text]
