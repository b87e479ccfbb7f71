"""People at every border of a rule: all is as it asks, but for one thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from matching.conditions import AllOf, Clause, last_day_full
from matching.facts import SMALL_IN_EVERY_TRADE, Days, Entity, Facts, Insurance, LoanKind
from tests.matching.drawn import NOW

TODAY = NOW.date()


def people_around(rule: AllOf) -> Iterator[Facts]:
    """People around every border of a rule: all is as it asks, but for one thing."""
    met = best(rule)
    yield met
    for clause in rule.clauses:
        for changed in around(clause):
            yield met.but(**changed)


def best(rule: AllOf) -> Facts:
    facts = Facts()
    for clause in rule.clauses:
        facts = facts.but(**next(around(clause)))
    return facts


def around(clause: Clause) -> Iterator[Mapping[str, object]]:
    """Facts that meet a clause barely, then those that miss it barely or otherwise."""
    if clause.attr == "months_operating":
        assert isinstance(clause.value, int)
        last = last_day_full(TODAY, clause.value)
        for days in (0, 1, -1, 31, -31):
            yield {"registered_on": Days.of(last + timedelta(days))}
        yield {"registered_on": Days(last - timedelta(1), last)}
        yield {"registered_on": Days(last, last + timedelta(1))}
    elif clause.op == "ge":
        assert isinstance(clause.value, int)
        yield from ({clause.attr: clause.value + more} for more in (0, -1, 1))
    elif clause.attr == "is_small_micro":
        yield from ({"entity_type": entity} for entity in (Entity.FIRM, *Entity))
        for headcount in (SMALL_IN_EVERY_TRADE - 1, SMALL_IN_EVERY_TRADE):
            yield {"entity_type": Entity.FIRM, "headcount_incl_founder": headcount}
    elif clause.attr == "contracts_signed":
        yield from ({clause.attr: signed} for signed in (True, False, None))
        yield from ({clause.attr: None, "contracts_1y": count} for count in (0, 1))
    elif clause.op == "has":
        yield {"recognised_as": frozenset(clause.names)}
        yield {"not_recognised_as": frozenset(clause.names), "recognised_as": frozenset()}
    else:
        yield from ({clause.attr: value} for value in values(clause))


def values(clause: Clause) -> list[object]:
    every: dict[str, list[object]] = {
        "entity_type": [*Entity],
        "social_insurance": [*Insurance],
        "loan_kind": [*LoanKind],
    }
    wanted = clause.value if isinstance(clause.value, tuple) else (clause.value,)
    values = every.get(clause.attr, [True, False])
    return [*(v for v in values if v in wanted), *(v for v in values if v not in wanted), None]
