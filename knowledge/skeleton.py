"""An entry file begun for a gap: what the askers plainly said is filled in, the rest is marked."""

from collections import Counter
from collections.abc import Mapping, Sequence

from knowledge.checking import FEWEST_WORDINGS
from knowledge.grouping import Meaning
from knowledge.quoting import is_masked, one_line, unmasked
from knowledge.text import letters

UNFILLED = "【待填】"
_MOST_WORDINGS = 12
_LONGEST_WORDING = 60
_NAMES_ONE = 3  # characters: 补贴 alone, or 贷款, may be any of several matters


def skeleton(id_: str, meanings: Sequence[Meaning], wordings: Sequence[str]) -> str:
    """An entry file, in the order of the format; a draft is refused until no mark is left."""
    matter = _agreed([_only(meaning.frame.matters, _NAMES_ONE) for meaning in meanings])
    slot = _agreed([_only(meaning.frame.slots) for meaning in meanings])
    asked = asked_as(wordings)[:_MOST_WORDINGS]
    asked += [UNFILLED] * (FEWEST_WORDINGS - len(asked))
    listed = "".join(f"  {_quoted(text)},\n" for text in asked)
    return _FORM.format(
        mark=UNFILLED, id=id_, matter=_quoted(matter), slot=_quoted(slot), asked=listed
    )


def asked_as(wordings: Sequence[str]) -> list[str]:
    """The wordings that others may use too: no stories, nothing of a person, none twice."""
    found: dict[str, str] = {}
    for wording in wordings:
        text = one_line(unmasked(wording), _LONGEST_WORDING + 1)
        if letters(text) and len(text) <= _LONGEST_WORDING and not is_masked(text):
            found.setdefault(letters(text), text)
    return list(found.values())


def refusal(text: str) -> str:
    """Why a draft cannot be taken yet; "" if everything is filled in."""
    lines = [str(n) for n, line in enumerate(text.splitlines(), 1) if UNFILLED in line]
    if not lines:
        return ""
    return f'第{"、".join(lines)}行还是{UNFILLED}：填好再存；文件没写的，按格式留空（""）。'


def _only(said: Mapping[str, int], shortest: int = 0) -> str:
    """What the longest word means, if it is long enough and means one thing; else ""."""
    longest = max(said.values(), default=0)
    meant = [meaning for meaning, length in said.items() if length == longest]
    return meant[0] if len(meant) == 1 and longest >= shortest else ""


def _agreed(meant: Sequence[str]) -> str:
    """What more than half of the questions mean; the mark where they do not say or differ."""
    commonest, count = Counter(meant).most_common(1)[0] if meant else ("", 0)
    return commonest if commonest and 2 * count > len(meant) else UNFILLED


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else " " for c in escaped) + '"'


_FORM = """\
# 标着“待填”的都要填；文件没写的留空（""），不要猜。每一项怎么写：docs/reference/entry-format.md
id = "{id}"
kind = "policy"
topic = "{mark}"
matter = {matter}
slot = {slot}
who = []
title = "{mark}"
answer = "{mark}"
detail = ""
status = "in_force"
conditions = []
materials = []
where = ""
agency = "{mark}"
phone = ""
source = "{mark}"
place = "{mark}"
valid_from = ""
valid_until = ""
review_by = "{mark}"
traps = []
asked_as = [
{asked}]
"""
