"""An entry file begun for a gap: what the askers said is filled in, the rest is marked."""

from collections import Counter
from collections.abc import Iterable, Sequence

from knowledge.checking import FEWEST_WORDINGS
from knowledge.grouping import Meaning

UNFILLED = "【待填】"
_MOST_WORDINGS = 12


def skeleton(id_: str, meanings: Sequence[Meaning], wordings: Sequence[str]) -> str:
    """An entry file, in the order of the format; a draft is refused until no mark is left."""
    matter = _commonest(m for meaning in meanings for m in meaning.frame.matters)
    slot = _commonest(s for meaning in meanings for s in meaning.frame.slots)
    asked = list(dict.fromkeys(wordings))[:_MOST_WORDINGS]
    asked += [UNFILLED] * (FEWEST_WORDINGS - len(asked))
    listed = "".join(f"  {_quoted(text)},\n" for text in asked)
    return _FORM.format(
        mark=UNFILLED, id=id_, matter=_quoted(matter), slot=_quoted(slot), asked=listed
    )


def refusal(text: str) -> str:
    """Why a draft cannot be taken yet; "" if everything is filled in."""
    lines = [str(n) for n, line in enumerate(text.splitlines(), 1) if UNFILLED in line]
    if not lines:
        return ""
    return f'第{"、".join(lines)}行还是{UNFILLED}：填好再存；文件没写的，按格式留空（""）。'


def _commonest(values: Iterable[str]) -> str:
    counted = Counter(values).most_common(1)
    return counted[0][0] if counted else UNFILLED


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
