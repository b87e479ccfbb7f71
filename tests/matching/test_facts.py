"""Facts: what follows from what, and what a conversation or a registration tells."""

from collections.abc import Mapping
from datetime import date

import pytest

from matching.facts import Days, Entity, Facts, Insurance, LoanKind, from_answers, from_profile

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("facts", "attr", "value"),
    [
        (Facts(entity_type=Entity.FIRM), "is_small_micro", True),
        (Facts(entity_type=Entity.FIRM, headcount_incl_founder=19), "is_small_micro", True),
        (Facts(entity_type=Entity.FIRM, headcount_incl_founder=20), "is_small_micro", None),
        (Facts(entity_type=Entity.SOLE), "is_small_micro", None),
        (Facts(entity_type=Entity.SOLE), "loan_kind", LoanKind.PERSON),
        (Facts(entity_type=Entity.FARM), "loan_kind", None),
        (
            Facts(entity_type=Entity.SOLE, loan_kind=LoanKind.PARTNERSHIP),
            "loan_kind",
            "partnership",
        ),
        (Facts(contracts_1y=2), "contracts_signed", True),
        (Facts(contracts_1y=2, contracts_signed=False), "contracts_signed", False),
    ],
)
def test_what_follows_from_what_was_told(facts: Facts, attr: str, value: object) -> None:
    assert facts.value(attr) == value


def test_answers_come_back_from_json_as_facts() -> None:
    facts = from_answers(
        {
            "entity_type": "公司",
            "social_insurance": "partly",
            "registered_on": ["2026-05-01", "2026-05-31"],
            "unsure": ["contracts_1y"],
        }
    )
    assert facts.entity_type is Entity.FIRM
    assert facts.social_insurance is Insurance.PARTLY
    assert facts.registered_on == Days.of_month(2026, 5)
    assert facts.unsure == {"contracts_1y"}


def test_without_a_licence_no_day_of_it_is_kept_or_asked_for() -> None:
    facts = from_answers(
        {"entity_type": "没办", "registered_on": ["2026-05-01", "2026-05-31"]},
    )
    assert facts.registered_on is None
    assert facts.value("registered_on") is False


@pytest.mark.parametrize(
    ("answers", "latest"),
    [
        ({"biz_licence": "yes", "biz_months": 8}, date(2026, 4, 5)),
        ({"biz_licence": "no", "biz_months": 8}, None),
        ({"biz_licence": "yes", "biz_months": 0}, None),
        ({}, None),
    ],
)
def test_a_registration_tells_since_when_at_the_latest(
    answers: Mapping[str, object], latest: date | None
) -> None:
    registered = from_profile(answers, TODAY).registered_on
    assert (registered.last if registered else None) == latest
