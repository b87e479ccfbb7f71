"""How the rows of a file are put into batches."""

from __future__ import annotations

import pytest

from knowledge.library import load_library
from records.vault import Vault
from registry.columns import Labels
from registry.importing import BATCH, Import
from registry.kinds import KINDS
from registry.lists import Origin, Terms
from registry.sheets import Book
from registry.tables import Line, Tables
from tests.conftest import NOW


def _sizes(rows: int) -> list[int]:
    terms = Terms(Origin(Vault("x"), "w", NOW), load_library().areas, "a" * 24)
    job = Import(KINDS["people"], Tables(Book(()), Labels((), {})), terms)
    lines = (Line("", number, {}, "no row") for number in range(rows))
    return [len(batch.places) for batch in job.read(lines) if batch.spare is None]


@pytest.mark.parametrize("rows", [1, 4_999, 5_000])
def test_a_list_of_up_to_5000_is_stored_whole_or_not_at_all(rows: int) -> None:
    assert _sizes(rows) == [rows]


def test_a_long_list_is_all_there_and_no_batch_keeps_others_waiting_for_long() -> None:
    sizes = _sizes(60_001)
    assert sum(sizes) == 60_001
    assert max(sizes) == BATCH
