"""The targets of the papers as they are printed (domain 2.2, 2.3, 2.11)."""

from __future__ import annotations

import pytest

from knowledge import targets

XIANGTAN = targets.sheets()["430300"]
AREAS = ("430321", "430381", "430382", "430302", "430304", "430300-gx", "430300-jk", "430300")
# 附件2 and 附件3 as printed, by area in the order above.
PRINTED: list[tuple[str, int, int, tuple[int | None, ...]]] = [
    ("outside_workers", 2023, 2023, (155000, 190000, 17500, 13000, 3200, 300, 1000, 380000)),
    ("households", 2023, 2025, (7750, 9500, 875, 650, 160, 15, 50, 19000)),
    ("households", 2023, 2023, (3200, 3800, 350, 255, 70, 5, 20, 7700)),
    ("parks", 2023, 2023, (3, 3, 1, 2, 1, None, None, 10)),
    ("projects", 2023, 2025, (90, 90, 36, 36, 30, 9, 9, 300)),
    ("projects", 2023, 2023, (30, 30, 12, 12, 10, 3, 3, 100)),
    ("roadshow_training", 2023, 2025, (90, 90, 36, 36, 30, 9, 9, 300)),
    ("roadshow_training", 2023, 2023, (30, 30, 12, 12, 10, 3, 3, 100)),
    ("cases", 2023, 2025, (90, 90, 30, 30, 30, 15, 15, 300)),
    ("cases", 2023, 2023, (30, 30, 10, 10, 10, 5, 5, 100)),
]


@pytest.mark.parametrize(("measure", "first", "last", "values"), PRINTED)
def test_every_cell_is_as_printed(
    measure: str, first: int, last: int, values: tuple[int | None, ...]
) -> None:
    found = {
        one.area: one.value
        for one in XIANGTAN.figures
        if (one.measure, one.first, one.last) == (measure, first, last)
        and "附件1" not in one.source
    }
    assert found == dict(zip(AREAS, values, strict=True))


@pytest.mark.parametrize(
    ("measure", "first", "last", "value"),
    [("parks", 2023, 2025, 10), ("projects", 2023, 2025, 100), ("cases", 2023, 2023, 100)],
)
def test_what_another_annex_says_is_a_row_of_its_own_with_a_note(
    measure: str, first: int, last: int, value: int
) -> None:
    [other] = [one for one in XIANGTAN.figures if one.measure == measure and "附件1" in one.source]
    assert (other.first, other.last, other.value, other.area) == (first, last, value, "430300")
    assert "附件3" in other.note


def test_the_rules_of_yichang_hold_no_figure_of_their_own() -> None:
    sheet = targets.sheets()["420500"]
    assert sheet.figures == ()
    held = [(one.measure, one.percent, one.value) for one in sheet.rules]
    assert [one for one in held if one[1] or one[2]] == [
        ("new_entities", 2, None),
        ("cases", 0, 5),
        ("provincial_parks", 0, 2),
        ("city_parks", 0, 2),
    ]


def test_what_the_paper_leaves_out_is_no_target_and_says_so() -> None:
    rules = targets.sheets()["420500"].rules
    left_out = [one for one in rules if not one.percent and one.value is None]
    assert {one.measure for one in left_out} >= {"guaranteed_loans", "city_projects"}
    assert all("（略）" in one.as_printed and "没有目标" in one.note for one in left_out)


def test_the_shipped_files_are_without_fault() -> None:
    assert targets.faults() == []


HEAD = 'area = "430300"\n[[group]]\nmeasure = "projects"\nunit = "个"\nsource = "s"\n'
FAULTS = [
    (HEAD, "cannot be read"),
    (HEAD + 'first = 1\nlast = 1\nprinted = "p"\nvalues = { 430321 = 3, 430300 = 4 }', "not 4"),
    (
        HEAD.replace("个", "斤") + 'first = 1\nlast = 1\nprinted = "p"\nvalues = { 430321 = 3 }',
        "no unit",
    ),
    (HEAD + 'first = 2\nlast = 1\nprinted = "p"\nvalues = { 430321 = 3 }', "comes after"),
    (HEAD + 'first = 1\nlast = 1\nprinted = "p"\nvalues = { hunan = 3 }', "no area's code"),
    (
        HEAD
        + 'first = 1\nlast = 1\nprinted = "p"\nvalues = { 430321 = 3 }\n'
        + HEAD.partition("\n")[2]
        + 'first = 1\nlast = 3\nprinted = "p"\nvalues = { 430321 = 3 }',
        "not three times",
    ),
]


@pytest.mark.parametrize(("text", "said"), FAULTS)
def test_a_file_with_a_fault_is_told_of(text: str, said: str) -> None:
    assert any(said in fault for fault in targets.faults_of(text))
