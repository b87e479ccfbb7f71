"""No column without a purpose and a reader: the build fails otherwise (domain P-04)."""

from __future__ import annotations

import pytest

from outreach.privacy import fields
from outreach.privacy.fields import FieldsError
from records.schema import METADATA

TABLES = {table.name: [c.name for c in table.columns] for table in METADATA.sorted_tables}


def test_each_table_and_column_is_declared() -> None:
    assert fields.faults(TABLES) == [], "declare it in outreach/privacy/fields.toml"


def test_each_table_about_a_person_names_the_column() -> None:
    about = {name for name, columns in TABLES.items() if "person_id" in columns}
    declared = {one.table for one in fields.declared() if "person_id" in one.personal}
    assert declared == about


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"person": [*TABLES["person"], "religion"]}, "person.religion: not declared"),
        ({"diary": ["id"]}, "diary: not declared"),
        ({"person": TABLES["person"][1:]}, "person.id: no such column"),
    ],
)
def test_what_is_added_without_a_word_is_found(change: dict[str, list[str]], fault: str) -> None:
    assert fields.faults(TABLES | change) == [fault]


@pytest.mark.parametrize(
    "row",
    [
        {"readers": ["self"], "keep": "person"},
        {"purpose": "x", "readers": [], "keep": "person"},
        {"purpose": "x", "readers": ["neighbour"], "keep": "person"},
        {"purpose": "x", "readers": ["self"], "keep": "for ever"},
    ],
)
def test_a_declaration_without_purpose_reader_or_period_is_refused(row: dict[str, object]) -> None:
    with pytest.raises(FieldsError):
        fields._declared("diary", row)
