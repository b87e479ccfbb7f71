"""The entries of an area as policies that a person can be checked against."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from knowledge.entry import Entry, Kind, Status
from knowledge.shelf import Library
from knowledge.text import normalise
from knowledge.understand import read_frame
from matching.conditions import Condition, from_rules
from matching.eligibility import (
    LOANS,
    NO_SOURCE,
    Amount,
    Policy,
    Result,
    Source,
    Standing,
    check,
)
from matching.facts import NOTHING

BACKGROUND = "100000"  # the pack of what holds for the whole country
_MONEY = ("补贴", "奖补", "贷", "贴息", "资金", "基金")
_TELLING = ("条件", "对象", "额度", "内容")  # which entry speaks for a matter without rules


def matters_named(library: Library, text: str) -> tuple[str, ...]:
    """The matters that a text speaks of, the plainest first."""
    found = read_frame(library.wording.plain(normalise(text)), library.wording).matters
    return tuple(sorted(found, key=lambda matter: -found[matter]))


def can_be_claimed(library: Library, matter: str) -> bool:
    """Whether somebody can ask to get it: money by its name, or something with conditions."""
    is_money = any(word in matter for word in _MONEY)
    return is_money or any(e.matter == matter and e.rules for e in library.entries.values())


def offered(library: Library, area: str, now: datetime, *, with_loans: bool) -> tuple[str, ...]:
    """The matters of an area that questions can settle, those for single persons first.

    A loan is offered only to who asks for money (domain G-14).
    """
    matters = dict.fromkeys(e.matter for e in _served(library, area, now.date()) if e.rules)
    results = [check(p, NOTHING, now) for p in policies_of(library, area, matters, now.date())]
    results.sort(key=_rank)
    listed = dict.fromkeys(result.policy.matter for result in results if result.question)
    return tuple(matter for matter in listed if with_loans or matter not in LOANS)


def _rank(result: Result) -> tuple[bool, bool, bool]:
    policy, is_title = result.policy, result.question == "recognised_as"
    return policy.matter in LOANS, is_title, not policy.amount.is_known


def policies_of(
    library: Library, area: str, matters: Iterable[str], today: date
) -> tuple[Policy, ...]:
    """What the area has on these matters: the entries with rules, or the one that tells most."""
    served = _served(library, area, today)
    found: list[Policy] = []
    for matter in matters:
        about = [e for e in served if e.matter == matter]
        ruled = [e for e in about if e.rules] or sorted(about, key=_telling)[:1]
        found += _distinct([policy_of(e, library) for e in ruled])
    return tuple(found)


def background(library: Library, policy: Policy, today: date) -> Entry | None:
    """What the whole country says of the same sum, to be shown as standing outside the paper."""
    for entry in _served(library, BACKGROUND, today):
        is_same = (entry.matter, entry.slot) == (policy.matter, "额度")
        if is_same and (not policy.who or set(policy.who) & set(entry.who)):
            return entry
    return None


def _served(library: Library, area: str, today: date) -> list[Entry]:
    pack = library.packs.get(area)
    entries = pack.entries if pack else ()
    return [e for e in entries if e.kind in (Kind.POLICY, Kind.SERVICE) and e.is_served(today)]


def _telling(entry: Entry) -> int:
    return _TELLING.index(entry.slot) if entry.slot in _TELLING else len(_TELLING)


def _distinct(policies: Iterable[Policy]) -> list[Policy]:
    """Without those that only repeat the conditions of another one without its sum."""
    kept: dict[Condition, Policy] = {}
    for policy in sorted(policies, key=lambda policy: not policy.amount.is_known):
        kept.setdefault(policy.condition, policy)
    return list(kept.values())


def policy_of(entry: Entry, library: Library) -> Policy:
    """An entry as eligibility sees it."""
    paper = library.document(entry.area, entry.source)
    return Policy(
        id=entry.id,
        matter=entry.matter,
        condition=from_rules(entry.rules),
        standing=_standing(entry),
        amount=_amount(entry),
        agency=entry.agency,
        phone=entry.phone,
        source=Source(paper.title, paper.number, paper.date) if paper else NO_SOURCE,
        who=entry.who,
    )


def _standing(entry: Entry) -> Standing:
    if entry.status is Status.POOL:
        return Standing.POOL
    if entry.kind is Kind.SERVICE:
        return Standing.SERVICE
    if not entry.rules:
        return Standing.WITHOUT_TERMS
    return Standing.PLANNED if entry.status is Status.PLANNED else Standing.IN_FORCE


def _amount(entry: Entry) -> Amount:
    """The sum of money, where the entry names one."""
    sums = [f for f in entry.figures.values() if f.unit == "元" and f.value is not None]
    return Amount(sums[0].value, sums[0].bound.value) if sums else Amount()
