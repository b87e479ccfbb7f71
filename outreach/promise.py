"""The one message to somebody whom a policy newly fits: why, how much, who decides, from where."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from knowledge.compose import NO_PHONE, cited, is_stale, spoken_day
from knowledge.entry import Document, Entry
from matching.conditions import from_rules
from matching.promising import checkable
from outreach.pieces import LONGEST, MOST_LINES

STOP = "停"
_OFFICE = "经办部门"
_NO_AMOUNT = "给多少文件没写"
_UNDATED = "文件没印日期"
_CALL_FIRST = "先打电话问"
_HOW_TO_STOP = f"回“{STOP}”不再发"


def message(entry: Entry, paper: Document | None, now: datetime) -> str:
    """As much of it as goes into one message; the conditions are the first to be cut short."""
    texts = list(_versions(entry, paper, now))
    return next((text for text in texts if _fits(text)), texts[-1])


def _versions(entry: Entry, paper: Document | None, now: datetime) -> Iterator[str]:
    agency, phone = entry.agency or _OFFICE, entry.phone or NO_PHONE
    verdict = f"{entry.matter or entry.title}：看起来够条件，最后由{agency}审核。"
    for source in _sources(paper, now):
        for conditions in _conditions(entry):
            for ending in (f"，{_HOW_TO_STOP}。", "。"):
                yield f"{verdict}\n{conditions}{_amount(entry)}。\n{source}，{phone}{ending}"
    yield f"{verdict}\n{_amount(entry)}，{phone}。"
    yield f"看起来够条件，最后由{_OFFICE}审核。\n{_amount(entry)}，{NO_PHONE}。"


def _conditions(entry: Entry) -> Iterator[str]:
    """The conditions that are met in the paper's words, all of them or the first few."""
    checked = checkable(from_rules(entry.rules))
    met = [clause.printed for clause in checked.clauses] if checked else []
    yield f"对上了：{'、'.join(met)}；"
    for count in range(len(met) - 1, 0, -1):
        yield f"对上了：{'、'.join(met[:count])}等{len(met)}条；"


def _amount(entry: Entry) -> str:
    """What it pays with its bound; never a sum (domain 7.1)."""
    sums = [f for f in entry.figures.values() if f.unit == "元" and f.value is not None]
    return sums[0].spoken if sums else _NO_AMOUNT


def _sources(paper: Document | None, now: datetime) -> Iterator[str]:
    """The paper with its day, or with its year where there is no room."""
    if paper is None:
        yield _UNDATED
        return
    age = _CALL_FIRST if is_stale(paper.date, now) else "" if paper.date else _UNDATED
    yield "，".join(filter(None, (cited(paper), age)))
    name = paper.number or f"《{paper.title}》"
    yield "，".join(filter(None, (name, spoken_day(paper.date[:4]), age)))
    yield "，".join(filter(None, (spoken_day(paper.date[:4]), age)))


def _fits(text: str) -> bool:
    return len(text) <= LONGEST and text.count("\n") < MOST_LINES
