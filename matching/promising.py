"""Whether a policy may be called fitting: what can be checked holds, the office reads the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from matching.conditions import Clause, Condition, Truth
from matching.facts import Facts


def fits(condition: Condition, facts: Facts, now: datetime) -> bool:
    """Whether all that can be checked holds, and nothing told speaks against the rest.

    A word that the paper leaves undefined stays for the office to read; a condition made of such
    words alone fits nobody.
    """
    checked = checkable(condition)
    if checked is None or checked.holds(facts, now).value is not Truth.YES:
        return False
    return as_defined(condition).holds(facts, now).value is not Truth.NO


def checkable(condition: Condition) -> Condition | None:
    """The condition without the words that its paper leaves undefined; None if that is all."""
    if isinstance(condition, Clause):
        return condition if condition.defined or condition.op == "has" else None
    kept = tuple(part for part in map(checkable, condition.parts) if part is not None)
    return type(condition)(kept) if kept else None


def as_defined(condition: Condition) -> Condition:
    """The condition as if the paper meant by its undefined words what we take them for."""
    if isinstance(condition, Clause):
        return replace(condition, defined=True)
    return type(condition)(tuple(map(as_defined, condition.parts)))
