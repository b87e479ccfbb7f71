"""Two live entries that disagree on a figure are found, whatever their titles; nothing else is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from knowledge.agreement import disagreements
from knowledge.entry import Bound, Entry, Figure, Status
from knowledge.library import Library


@pytest.fixture(scope="session")
def cap(library: Library) -> Entry:
    """What single persons may borrow: 100,000 yuan."""
    return library.entries["dingtao-loan-individual-cap"]


def figures(*values: int, unit: str = "元", bound: Bound = Bound.MAX) -> Mapping[str, Figure]:
    return {f"f{n}": Figure(Decimal(value), unit, bound, "") for n, value in enumerate(values)}


def is_found(cap: Entry, **other: object) -> bool:
    second = replace(
        cap,
        **{"id": "dingtao-other", "title": "摆摊贷款上限", "figures": figures(200_000)} | other,  # type: ignore[arg-type]
    )
    return bool(list(disagreements([cap, second])))


def test_another_figure_under_another_title_is_found(cap: Entry) -> None:
    assert is_found(cap)


@pytest.mark.parametrize(
    "other",
    [
        {"who": ()},
        {"who": ("个人",)},
        {"who": ("个体户", "企业")},
        {"figures": figures(200_000, 3_000_000)},
        {"figures": figures(100_001)},
        {"valid_from": date(2026, 1, 1)},
        {"valid_until": date(2030, 1, 1)},
        {"traps": ("X16",)},
        {"title": "2026年个体户能贷多少"},
        {"source": "", "place": "三"},
    ],
)
def test_what_may_be_told_to_the_same_person_is_found(
    cap: Entry, other: dict[str, object]
) -> None:
    assert is_found(cap, **other)


@pytest.mark.parametrize(
    "other",
    [
        {"figures": figures(100_000)},
        {"figures": figures(100_000, 3_000_000)},
        {"figures": figures(24, unit="个")},
        {"figures": {}},
        {"who": ("企业",)},
        {"matter": "贷款贴息"},
        {"slot": "期限"},
        {"status": Status.PLANNED},
        {"status": Status.POOL},
        {"figures": figures(200_000, bound=Bound.PER_POST)},
        {"apart_from": {"dingtao-loan-individual-cap": "说的是别的"}},
    ],
)
def test_what_is_not_about_one_thing_is_no_fault(cap: Entry, other: dict[str, object]) -> None:
    assert not is_found(cap, **other)


def test_entries_that_follow_each_other_in_time_do_not_disagree(cap: Entry) -> None:
    old = replace(cap, valid_until=date(2026, 12, 31))
    assert not is_found(old, valid_from=date(2027, 1, 1))
    assert is_found(old, valid_from=date(2026, 12, 31))


def test_a_marked_trap_is_known(cap: Entry) -> None:
    assert not is_found(replace(cap, traps=("X2", "X16")), traps=("X16",))


def test_years_and_levels_that_titles_name_set_apart(cap: Entry) -> None:
    old = replace(cap, title="2017年个体户能贷多少")
    assert not is_found(old, title="2026年个体户能贷多少")
    assert is_found(old, title="2017年摆摊能贷多少")


def test_the_shipped_packs_agree_with_themselves(library: Library) -> None:
    for pack in library.packs.values():
        assert list(disagreements(pack.entries)) == []


def test_each_silenced_pair_says_why(library: Library) -> None:
    marked = [(e, other) for e in library.entries.values() for other in e.apart_from]
    assert marked
    for entry, other in marked:
        bare = [replace(entry, apart_from={}), replace(library.entries[other], apart_from={})]
        assert list(disagreements(bare)), f"{entry.id} needs no mark against {other}"
        assert len(entry.apart_from[other]) > 5
