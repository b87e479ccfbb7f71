"""What is known of one person: the only thing that a rule may see."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

# The 2011 standard calls a firm below this headcount small or micro, whatever its trade.
SMALL_IN_EVERY_TRADE = 20
ROUNDING = timedelta(15)  # who says half a year may mean two weeks less; the licence has the day
LONGEST_IN_BUSINESS = 600
AWAY = "half_year"  # the registration's answer of who worked outside long enough


class Entity(StrEnum):
    """In what form somebody is in business."""

    SOLE = "个体户"
    FIRM = "公司"
    COOPERATIVE = "合作社"
    FARM = "家庭农场"
    NONE = "没办"  # no licence yet


class Insurance(StrEnum):
    """Whether social insurance is paid for those who work there."""

    PAID = "paid"
    PARTLY = "partly"
    NONE = "none"


class LoanKind(StrEnum):
    """On whose name a loan is taken."""

    PERSON = "person"
    PARTNERSHIP = "partnership"
    SMALL_FIRM = "small_firm"


# The only words a rule may use for these attributes.
WORDS: dict[str, type[StrEnum]] = {
    "entity_type": Entity,
    "social_insurance": Insurance,
    "loan_kind": LoanKind,
}
FLAGS = frozenset({"is_returnee", "first_registration", "contracts_signed", "is_small_micro"})
NUMBERS = frozenset({"headcount_incl_founder", "contracts_1y", "months_operating"})
TITLES = "recognised_as"
BAR = "|"  # stands between titles where they are stored, so none has it
LOAN_KINDS = {Entity.SOLE: LoanKind.PERSON, Entity.FIRM: LoanKind.SMALL_FIRM}
NEEDS_LICENCE = frozenset({"entity_type", "months_operating", "is_small_micro"})
ASKED_BY = {"months_operating": "registered_on", "is_small_micro": "entity_type"}


@dataclass(frozen=True, slots=True)
class Days:
    """A day known only to lie between two days, both included; equal when it is known exactly."""

    first: date
    last: date

    @property
    def is_exact(self) -> bool:
        return self.first == self.last

    @property
    def middle(self) -> date:
        return self.first + (self.last - self.first) / 2

    @classmethod
    def of(cls, day: date) -> Days:
        """This very day."""
        return cls(day, day)

    @classmethod
    def of_month(cls, year: int, month: int) -> Days:
        """Some day of this month."""
        return cls(date(year, month, 1), date(year, month, monthrange(year, month)[1]))

    @classmethod
    def months_ago(cls, months: int, today: date) -> Days:
        """The day from which so many months are full today, but not one more."""
        return cls(add_months(today, -months - 1) + timedelta(1), add_months(today, -months))


def add_months(day: date, months: int) -> date:
    """The same day so many months on; the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Attributes of domain 7.2; None: not known; `unsure`: what the person cannot tell."""

    is_returnee: bool | None = None
    first_registration: bool | None = None
    entity_type: Entity | None = None
    registered_on: Days | None = None
    headcount_incl_founder: int | None = None
    contracts_1y: int | None = None
    contracts_signed: bool | None = None
    social_insurance: Insurance | None = None
    loan_kind: LoanKind | None = None
    recognised_as: frozenset[str] = frozenset()
    not_recognised_as: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()

    def value(self, attr: str) -> object:
        """What is known of an attribute, derived ones included; None where nothing is."""
        match attr:
            case "is_small_micro":
                return self._small_micro()
            case "loan_kind":
                return self.loan_kind or (self.entity_type and LOAN_KINDS.get(self.entity_type))
            case "registered_on" if self.registered_on is None:
                return False if self.entity_type is Entity.NONE else None
            case "contracts_signed" if self.contracts_signed is None:
                return True if self.contracts_1y else None
            case _:
                return getattr(self, attr, None)

    def _small_micro(self) -> bool | None:
        """An estimate, for firms only: the papers do not say whether they count other forms."""
        is_small = (self.headcount_incl_founder or 1) < SMALL_IN_EVERY_TRADE
        return True if self.entity_type is Entity.FIRM and is_small else None

    def question_for(self, attr: str) -> str | None:
        """The attribute to ask for, or None where the person has told all that they can."""
        asked = ASKED_BY.get(attr, attr)
        is_told = asked != attr and asked != "registered_on" and self.value(asked) is not None
        is_asked = asked in ATTRIBUTES - self.unsure and not is_told
        return asked if is_asked else None

    def lacks_licence_for(self, attr: str) -> bool:
        """Whether the attribute can come only with a licence that the person has yet to get.

        Who names the day of a licence has it, whatever form of business was told besides.
        """
        if attr == "months_operating" and self.registered_on is not None:
            return False
        return self.entity_type is Entity.NONE and attr in NEEDS_LICENCE

    def but(self, **known: Any) -> Facts:
        """The same facts with some of them replaced."""
        return replace(self, **known)


NOTHING = Facts()
ATTRIBUTES = frozenset(f.name for f in fields(Facts)) - {"not_recognised_as", "unsure"}


def from_profile(answers: Mapping[str, Any], today: date) -> Facts:
    """What a registration tells: never a no, since much may have changed after it."""
    months = answers.get("biz_months")
    is_licensed = answers.get("biz_licence") == "yes" and months is not None
    return Facts(
        is_returnee=True if answers.get("away_half_year") == AWAY else None,
        registered_on=at_least(int(months), today) if is_licensed and months else None,
    )


def at_least(months: int, today: date) -> Days:
    """When a licence was issued that is said to be so many months old, or older."""
    return Days(add_months(today, -LONGEST_IN_BUSINESS), add_months(today, -months) + ROUNDING)


def from_answers(answers: Mapping[str, Any], known: Facts = NOTHING) -> Facts:
    """What is known already, and over it the JSON values that a conversation keeps.

    Who says that there is no licence speaks of the shop's opening, not of a licence's day.
    """
    read = {attr: _READ[attr](v) if attr in _READ else v for attr, v in answers.items()}
    facts = known.but(**read | _titles(read, known))
    return facts.but(registered_on=None) if facts.entity_type is Entity.NONE else facts


def _titles(read: Mapping[str, Any], known: Facts) -> dict[str, frozenset[str]]:
    """Who tells of one title says nothing of the others told before."""
    held = read.get("recognised_as", frozenset())
    lacked = read.get("not_recognised_as", frozenset())
    return {
        "recognised_as": held | (known.recognised_as - lacked),
        "not_recognised_as": lacked | (known.not_recognised_as - held),
    }


def _days(value: list[str]) -> Days:
    return Days(*map(date.fromisoformat, value))


_READ: dict[str, Callable[[Any], Any]] = {
    **WORDS,
    "registered_on": _days,
    "recognised_as": frozenset,
    "not_recognised_as": frozenset,
    "unsure": frozenset,
}


def as_answers(facts: Facts) -> dict[str, Any]:
    """Facts as JSON values: what `from_answers` reads back."""
    found = {f.name: getattr(facts, f.name) for f in fields(facts)}
    days = facts.registered_on
    found["registered_on"] = [days.first.isoformat(), days.last.isoformat()] if days else None
    told = {k: sorted(v) if isinstance(v, frozenset) else v for k, v in found.items()}
    return {attr: value for attr, value in told.items() if value is not None and value != []}
