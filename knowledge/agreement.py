"""Which entries speak of the same thing, and give different figures for it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import combinations

from knowledge.entry import TALK, Bound, Entry, Status
from knowledge.text import letters, normalise
from knowledge.understand import FORMS, KINDS_OF_WHO, cue, periods

# A sum for the whole area, what is only planned, and what is paid by the post are other things
# than what one person gets now.
_APART = (Bound.POOL, Bound.PLANNED, Bound.PER_POST)
_ALIKE = {"名": "人", "位": "人", "个人": "人"}
_Amounts = dict[tuple[str, str], set[Decimal]]
_WHOLES = frozenset({"数量", "名额"})  # of these a part has fewer than the whole


def disagreements(entries: Iterable[Entry]) -> Iterator[tuple[Entry, Entry]]:
    """Pairs on the same matter and side, for the same people, on some same day: (later, other)."""
    alike: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.kind not in TALK and entry.figures:
            alike[entry.matter, entry.slot].append(entry)
    for group in alike.values():
        for other, entry in combinations(group, 2):
            if _differ(entry, other) and not _are_apart(entry, other):
                yield entry, other


def _differ(a: Entry, b: Entry) -> bool:
    """Whether neither tells only a part of what the other tells."""
    ours, theirs = _amounts(a), _amounts(b)
    both = ours.keys() & theirs.keys()
    return any(ours[k] - theirs[k] and theirs[k] - ours[k] for k in both)


def _amounts(entry: Entry) -> _Amounts:
    amounts: _Amounts = defaultdict(set)
    for figure in entry.figures.values():
        if figure.value is not None:
            unit = _ALIKE.get(figure.unit, figure.unit)
            amounts[unit, _meant(entry.status, figure.bound)].add(figure.value)
    return amounts


def _meant(status: Status, bound: Bound) -> str:
    if status in (Status.POOL, Status.PLANNED):
        return status.value
    return bound.value if bound in _APART else ""


def _are_apart(a: Entry, b: Entry) -> bool:
    """Whether the two are not about one thing after all, or the papers are known to disagree."""
    return (
        bool(set(a.traps) & set(b.traps))
        or b.id in a.apart_from
        or a.id in b.apart_from
        or not _meet(a, b)
        or _have_others(a, b)
        or _name_others(a, b)
    )


def _meet(a: Entry, b: Entry) -> bool:
    """Whether there is a day on which both are served."""
    begin = max(a.valid_from or date.min, b.valid_from or date.min)
    return begin <= min(a.valid_until or date.max, b.valid_until or date.max)


def _have_others(a: Entry, b: Entry) -> bool:
    """Whether they are for other people: nobody named means everybody."""
    kinds = FORMS | KINDS_OF_WHO
    if _exclude(frozenset(a.who) & kinds, frozenset(b.who) & kinds):
        return True
    ours, theirs = frozenset(a.who) - kinds, frozenset(b.who) - kinds
    return _exclude(ours, theirs) or (a.slot in _WHOLES and ours != theirs)


def _name_others(a: Entry, b: Entry) -> bool:
    """Whether their titles name other years, or other levels such as 省级 and 市级."""
    ours, theirs = normalise(a.title), normalise(b.title)
    levels = [frozenset(cue("levels").meanings(letters(text))) for text in (ours, theirs)]
    return _exclude(periods(ours), periods(theirs)) or _exclude(*levels)


def _exclude(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    return bool(ours and theirs and not ours & theirs)
