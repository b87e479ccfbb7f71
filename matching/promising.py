"""Whether a policy may be called fitting: what can be checked holds, the office reads the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from matching.conditions import AllOf, Clause, Condition, Truth, Verdict
from matching.facts import Facts


def fits(condition: Condition, facts: Facts, now: datetime) -> bool:
    """Whether all that can be checked holds, and nothing told speaks against the rest.

    A word that the paper leaves undefined stays for the office to read; a condition made of such
    words alone fits nobody.
    """
    checked = checkable(condition)
    if checked is None or checked.holds(facts, now).value is not Truth.YES:
        return False
    read = [clause.holds(facts, now) for clause in undefined(condition)]
    return all(verdict.value is Truth.YES or _is_untold(verdict) for verdict in read)


def _is_untold(verdict: Verdict) -> bool:
    return verdict.value is Truth.UNKNOWN and bool(verdict.missing)


def checkable(condition: Condition) -> Condition | None:
    """The condition without the words that its paper leaves undefined; None if that is all."""
    if isinstance(condition, Clause):
        return condition if condition.defined or condition.op == "has" else None
    kept = tuple(part for part in map(checkable, condition.parts) if part is not None)
    return type(condition)(kept) if kept else None


def undefined(condition: Condition) -> tuple[Clause, ...]:
    """The clauses with undefined words that must all hold, read as we take those words."""
    if isinstance(condition, Clause):
        return () if checkable(condition) else (replace(condition, defined=True),)
    if isinstance(condition, AllOf):
        return tuple(clause for part in condition.parts for clause in undefined(part))
    return ()
