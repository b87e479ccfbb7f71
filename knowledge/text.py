"""A question as it was typed, brought to one spelling: width, script, case, numbers."""

import re
import unicodedata
from functools import cache
from importlib.resources import files

from knowledge.numerals import NUMERALS, digits

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
    if len(text) <= LONGEST_QUESTION and _settled().fullmatch(text):
        return text
    folded = unicodedata.normalize("NFKC", text[-LONGEST_INPUT:]).lower()
    spaced = _BLANKS.sub(" ", _RUBBISH.sub(" ", folded)).strip()
    kept = _JOINTS.sub("", _CLAUSES.sub(",", spaced)) if " " in spaced else spaced
    return digits(simplified(kept[-LONGEST_QUESTION:]))


@cache
def _settled() -> re.Pattern[str]:
    """Of known characters, of which none is a number's: most wordings, spelled as they are."""
    kept = sorted(c for c in known_characters() if c not in NUMERALS)
    return re.compile(f"[{''.join(kept)}]*")


def letters(text: str) -> str:
    """Only what is pronounced: no punctuation, no blanks."""
    return text if text.isalnum() else _UNSAID.sub("", text)


def simplified(text: str) -> str:
    """Traditional characters as simplified ones; the converter loads when one occurs."""
    if not _unknown().search(text):
        return text
    converted: str = _converter().convert(text)
    return converted


@cache
def _unknown() -> re.Pattern[str]:
    """A Chinese character that the sound table does not have."""
    return re.compile(f"(?![{''.join(sorted(known_characters()))}])[㐀-鿿]")


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
