"""The weights file: read exactly, and refused with a sentence where it cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlers.forms.form import Question, shipped_forms
from matching.codes import UNDECIDED, Band, Category, Lack, Site, Skill, Support, Term
from matching.weights import (
    WeightsFault,
    neighbours,
    our_rules,
    read_rules,
    rules_at,
    shipped,
    themes,
)
from matching.words import words

TEXT = shipped("weights.toml")


def test_the_shipped_weights_are_those_of_the_design() -> None:
    weights = {term.value: weight for term, weight in our_rules().weights.items()}
    assert weights == {
        "interest": 25, "skill": 25, "capital": 15, "experience": 10, "lack": 10, "place": 10,
        "theme": 5,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("interest = 0.25", "interest = 0.35", "the weights come to 1.1: make it 1"),
        ("interest = 0.25", "interest = 0.255", "weights.interest is too fine"),
        ("interest = 0.25", 'interest = "a"', "weights.interest must be a number"),
        ("interest = 0.25", "interest = -1", "weights.interest must be a number"),
        ("interest = 0.25\n", "", "weights.interest is missing"),
        ("interest = 0.25", "interest = 0.25\nage = 0", "weights.age is not known"),
        ("near_line = 0.6", "near_line = true", "shares.near_line must be a number"),
        ("undecided = 0.5", "undecided = 0.9", "it is no reason"),
        ("with_loan = 0.3\n", "", "shares.with_loan is missing"),
        ("verified_days = 180", "verified_days = 0", "must be a whole number from 1 on"),
        ("full_experience_years = 5", "full_experience_years = 0.5", "must be a whole number"),
        ("variety = 0.75", "variety = 0", "show.variety must be above 0"),
        ("[penalty]", "[[penalty]]", "[penalty] must be a table"),
        ('author = "', 'author = ""\nx = "', "author must say"),
        ("date = 2026-11-22", 'date = "x"', "date must be a day"),
        ("date = 2026-11-22\n", "", "date is missing"),
        ("[show]", "[shown]", "show is missing"),
        ("[show]", "[show", "not TOML"),
    ],
)
def test_a_fault_is_said(old: str, new: str, said: str) -> None:
    assert old in TEXT
    with pytest.raises(WeightsFault) as fault:
        read_rules(TEXT.replace(old, new, 1))
    assert said in str(fault.value)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(WeightsFault, match=r"none\.toml: cannot be read"):
        rules_at(tmp_path / "none.toml")


def test_neighbours_are_read_both_ways() -> None:
    near = neighbours()
    assert all(one in near[other] for one in Category for other in near[one])


def test_every_county_of_yichang_has_a_theme() -> None:
    counties = [code for code in themes() if code.startswith("4205")]
    assert len(counties) == 14


def _question(field: str) -> Question:
    question = shipped_forms()["registration"].question(field)
    assert question
    return question


@pytest.mark.parametrize(
    ("field", "codes", "table"),
    [
        ("biz_kind", list(Category), "lines"),
        ("skills", list(Skill), "skills"),
        ("lacks", list(Lack), "lacks"),
    ],
)
def test_codes_and_labels_are_those_of_the_registration(
    field: str, codes: list[str], table: str
) -> None:
    asked = {choice.code: choice.label for choice in _question(field).choices}
    assert list(asked) == [str(code) for code in codes]
    assert asked == dict(words(table))


def test_wants_are_the_lines_and_undecided() -> None:
    wanted = _question("want_kind")
    lines = [line.value for line in Category if line is not Category.OTHER]
    assert [choice.code for choice in wanted.choices] == [*lines, UNDECIDED]


@pytest.mark.parametrize(
    ("table", "codes"),
    [("supports", Support), ("sites", Site), ("bands", Band)],
)
def test_every_code_has_a_label(table: str, codes: type[Support]) -> None:
    assert set(words(table)) == set(codes)


def test_every_term_has_a_weight() -> None:
    assert set(our_rules().weights) == set(Term)
