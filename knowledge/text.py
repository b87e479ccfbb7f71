"""A question as it was typed, brought to one spelling: width, script, case, numbers."""

import re
import unicodedata
from functools import cache
from importlib.resources import files

from knowledge.numerals import digits

LONGEST_INPUT = 2_000
LONGEST_QUESTION = 300

_RUBBISH = re.compile(r"[^\w\s,.;:?!%+/~()<>\"'、。《》〈〉“”‘’…·〔〕—-]+")
_BLANKS = re.compile(r"\s+")
_JOINTS = re.compile(r"(?<![a-z0-9])\s+|\s+(?![a-z0-9])")
_CLAUSES = re.compile(  # a blank that stands for a comma
    r"(?<=[㐀-鿿]{3}) (?=[㐀-鿿]{3}|\d+年)|(?<=[㐀-鿿]{2}[呢吗么啥少几谁多]) (?=[㐀-鿿]{2})"
)
_UNSAID = re.compile(r"[\W_]+")


def normalise(text: str) -> str:
    """One spelling for every way of typing; huge inputs are cut first, a long story asks last."""
    folded = unicodedata.normalize("NFKC", text[-LONGEST_INPUT:]).lower()
    spaced = _BLANKS.sub(" ", _RUBBISH.sub(" ", folded)).strip()
    kept = _JOINTS.sub("", _CLAUSES.sub(",", spaced))
    return digits(simplified(kept[-LONGEST_QUESTION:]))


def letters(text: str) -> str:
    """Only what is pronounced: no punctuation, no blanks."""
    return _UNSAID.sub("", text)


def simplified(text: str) -> str:
    """Traditional characters as simplified ones; the converter loads when one occurs."""
    if not any("㐀" <= c <= "鿿" for c in set(text) - known_characters()):
        return text
    converted: str = _converter().convert(text)
    return converted


@cache
def known_characters() -> frozenset[str]:
    """The characters of the sound table, which are simplified ones."""
    return frozenset(readings())


@cache
def readings() -> dict[str, str]:
    """Character → syllable without tone."""
    table = files("knowledge").joinpath("tables/sounds.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return {character: syllable for syllable, characters in rows for character in characters}


@cache
def _converter():  # type: ignore[no-untyped-def]  # the library has no types
    from opencc import OpenCC

    return OpenCC("t2s")
