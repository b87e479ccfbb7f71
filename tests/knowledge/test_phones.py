"""A phone of an entry is a number that can be dialled."""

from __future__ import annotations

import pytest

from knowledge.pages import Page
from knowledge.phones import is_phone
from knowledge.reading import read_entry


@pytest.mark.parametrize(
    "text",
    [
        *("110", "12345", "12333", "96110", "968888", "95588", "400-123-4567", "4001234567"),
        *("0530-2123456", "0731 58123456", "(0530)2123456", "（0530）2123456", "010-62345678"),
        *("0530—2123456", "0530-2123456转8012", "0530-2123456-801", "2123456", "62345678"),
        *("13900000000", "139-0000-0000", "+86 139 0000 0000", "12345、0530-2123456"),
        *("0530-2123456/2123457", "0530-2123456（工作日）"),
    ],
)
def test_what_can_be_dialled_is_a_phone(text: str) -> None:
    assert is_phone(text)


@pytest.mark.parametrize(
    "text",
    [
        *("530123", "1", "274100", "0530", "0530-1", "12", "123456", "1390000000"),
        *("139000000000", "12900000000", "371703", "待补", "无", "12345、", "2027-06-30"),
        *("0530-21234567890", "98765", "12345 12345", "a12345"),
    ],
)
def test_what_cannot_is_none(text: str) -> None:
    assert not is_phone(text)


def test_an_entry_with_a_part_of_a_number_is_refused() -> None:
    page = Page("x/policies/x.toml", b'phone = "530123"')
    read_entry(page, "")
    said = [fault.fault for fault in page.faults]
    assert "“phone”不像电话号码：530123。座机要带区号，没有就空着" in said
