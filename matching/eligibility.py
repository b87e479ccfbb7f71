"""Whether a policy fits a person: advice with reasons, never a decision."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum

from matching.conditions import AllOf, Clause, Condition, Gap, Truth, Verdict
from matching.facts import Facts, add_months

OLD_AFTER_MONTHS = 24
# Borrowing is offered only to who asks for money or lacks it (domain G-14).
LOANS = frozenset(["创业担保贷款", "非贴息贷款", "贷款贴息", "返乡创业贷", "小额信贷", "信用贷款"])


class Kind(StrEnum):
    """What can be said about a person and a policy."""

    LOOKS_OK = "looks_ok"  # every condition holds as far as told
    ASK = "ask"  # a question can still settle something
    NOT_YET = "not_yet"  # only time, numbers or a deed are short
    NO = "no"  # a condition fails for good
    UNCLEAR = "unclear"  # the document leaves a condition open
    NOT_A_BENEFIT = "not_a_benefit"  # money for an area, nothing that one person can claim
    HUMAN_CONTACT = "human_contact"  # a service: a desk, not a sum


class Standing(Enum):
    """What the document makes of a policy."""

    IN_FORCE = "in_force"
    PLANNED = "planned"
    POOL = "pool"
    SERVICE = "service"
    WITHOUT_TERMS = "without_terms"  # named, but no condition is in our documents


class Note(StrEnum):
    """What must be said along with a result."""

    PLANNED = "planned"
    OLD = "old"
    UNDATED = "undated"
    NO_AMOUNT = "no_amount"


@dataclass(frozen=True, slots=True)
class Source:
    """The paper a policy stands in; `issued` is "YYYY", "YYYY-MM-DD" or ""."""

    title: str
    number: str = ""
    issued: str = ""

    def is_old(self, today: date) -> bool:
        """Whether one must call before relying on it; a year counts to its last day."""
        if not self.issued:
            return False
        printed = self.issued if len(self.issued) > 4 else f"{self.issued}-12-31"
        return add_months(date.fromisoformat(printed), OLD_AFTER_MONTHS) < today


@dataclass(frozen=True, slots=True)
class Amount:
    """What a policy pays; `value` is None where the document gives no figure."""

    value: Decimal | None = None
    bound: str = "not_stated"

    @property
    def is_known(self) -> bool:
        return self.value is not None

    def for_posts(self, posts: int) -> Decimal | None:
        """A subsidy per post for so many of them; None where it is not paid by the post."""
        if self.value is None or self.bound != "per_post":
            return None
        return self.value * posts


UNKNOWN_AMOUNT = Amount()
NO_CONDITION = AllOf(())
NO_SOURCE = Source("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What eligibility needs to know of a policy, however it is stored."""

    id: str
    matter: str
    condition: Condition = NO_CONDITION
    standing: Standing = Standing.IN_FORCE
    amount: Amount = UNKNOWN_AMOUNT
    agency: str = ""
    phone: str = ""
    source: Source = NO_SOURCE
    who: tuple[str, ...] = ()

    @property
    def is_checkable(self) -> bool:
        """Whether the document gives conditions to hold somebody against."""
        return self.standing in (Standing.IN_FORCE, Standing.PLANNED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What can be said, why, which one attribute to ask next, and what is still short."""

    policy: Policy
    kind: Kind
    question: str | None = None
    gaps: tuple[Gap, ...] = ()
    because: tuple[Clause, ...] = ()
    unclear: tuple[Clause, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Whether no answer could change it any more."""
        return self.question is None


# What ends a check soonest is asked first.
ORDER = (
    "is_returnee",
    "loan_kind",
    "recognised_as",
    "entity_type",
    "first_registration",
    "registered_on",
    "headcount_incl_founder",
    "contracts_1y",
    "contracts_signed",
    "social_insurance",
)
WITHOUT_CHECK = {
    Standing.POOL: Kind.NOT_A_BENEFIT,
    Standing.SERVICE: Kind.HUMAN_CONTACT,
    Standing.WITHOUT_TERMS: Kind.UNCLEAR,
}


def check(policy: Policy, facts: Facts, now: datetime) -> Result:
    """One policy for one person; nothing is ever summed over policies."""
    notes = _notes(policy, now.date())
    fixed = WITHOUT_CHECK.get(policy.standing)
    if fixed:
        return Result(policy=policy, kind=fixed, notes=notes)
    verdict = policy.condition.holds(facts, now)
    return Result(
        policy=policy,
        kind=_kind(verdict),
        question=first_question(verdict.missing),
        gaps=verdict.gaps,
        because=verdict.because,
        unclear=verdict.unclear,
        notes=notes,
    )


def rule_version(condition: Condition) -> str:
    """A code for what a rule states, so that a result can be traced to it."""
    return hashlib.sha256(repr(condition).encode()).hexdigest()[:12]


def first_question(attrs: tuple[str, ...]) -> str | None:
    """The attribute to ask for next."""
    return min(attrs, key=ORDER.index, default=None)


def _kind(verdict: Verdict) -> Kind:
    if verdict.value is Truth.NO:
        return Kind.NOT_YET if verdict.gaps else Kind.NO
    if verdict.value is Truth.YES:
        return Kind.LOOKS_OK
    return Kind.ASK if verdict.missing else Kind.UNCLEAR


def _notes(policy: Policy, today: date) -> tuple[Note, ...]:
    said = {
        Note.PLANNED: policy.standing is Standing.PLANNED,
        Note.OLD: policy.source.is_old(today),
        Note.UNDATED: not policy.source.issued,
        Note.NO_AMOUNT: not policy.amount.is_known,
    }
    return tuple(note for note, applies in said.items() if applies)
