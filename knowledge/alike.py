"""Texts with the words that ask alike written alike: 咋办, 怎么弄 and 如何 are one sign."""

from functools import cache
from importlib.resources import files

from knowledge.text import normalise
from knowledge.wording import Words

_FIRST_SIGN = 0xF0000  # of a private plane: no text holds it, and it sounds like nothing


def folded(text: str) -> str:
    """A normalised text with one sign for each of the words that ask or mean the same."""
    words, signs = _folding()
    return words.replaced(text, signs.__getitem__)


@cache
def _folding() -> tuple[Words, dict[str, str]]:
    table = files("knowledge").joinpath("tables/alike.txt").read_text("utf-8")
    groups = [line.split() for line in table.splitlines() if not line.startswith("#")]
    signs: dict[str, str] = {}
    for number, group in enumerate(groups):
        for word in group:
            signs.setdefault(normalise(word), chr(_FIRST_SIGN + number))
    return Words(signs), signs
