"""A broken pack is reported with its file, its line and what is wrong."""

from __future__ import annotations

import re
import shutil
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from knowledge.library import EntryFault, check, load_library

ENTRY = "x-city-guarantee-loan-amount"
FILE = f"x-city/policies/{ENTRY}.toml"


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """One shipped pack, to be broken."""
    with as_file(files("knowledge").joinpath("packs/x-city")) as shipped:
        shutil.copytree(shipped, tmp_path / "x-city")
    return tmp_path


def broken(packs: Path, was: str, now: str) -> int:
    """Exchange the first line that begins so in the entry; its line number."""
    file = packs / "x-city" / "policies" / f"{ENTRY}.toml"
    lines = file.read_text("utf-8").splitlines()
    line = next(i for i, text in enumerate(lines) if text.startswith(was))
    file.write_text("\n".join([*lines[:line], now, *lines[line + 1 :]]), "utf-8")
    return line + 1


def assert_named(packs: Path, fault: str, place: str) -> None:
    found = [str(each) for each in check(packs)]
    assert any(place in each and fault in each for each in found), found


def test_the_shipped_packs_have_no_fault() -> None:
    assert check() == []


def test_a_fault_names_the_file_where_it_lies(packs: Path) -> None:
    broken(packs, "slot =", 'slot = "价钱"')
    assert_named(packs, "slot", f"{packs}/{FILE}:")


def test_a_wrong_figure_is_never_served(packs: Path) -> None:
    file = packs / "x-city" / "policies" / "x-city-approval-time.toml"
    file.write_text(
        re.sub(r"(?m)^value = \d+", "value = 987654", file.read_text("utf-8")), "utf-8"
    )
    with pytest.raises(EntryFault, match="找不到这个数"):
        load_library(root=packs)


def test_a_folder_without_its_first_page_is_named(packs: Path) -> None:
    (packs / "x-city" / "pack.toml").unlink()
    assert_named(packs, "没有这个文件", f"{packs}/x-city/pack.toml")


def test_an_unbroken_copy_has_no_fault(packs: Path) -> None:
    assert check(packs) == []


@pytest.mark.parametrize(
    ("was", "now", "fault"),
    [
        ("slot =", 'slot = "价钱"', "“价钱”不在 slot 的清单里"),
        ("kind =", 'kind = "rule"', "“kind”不能是“rule”"),
        ("answer =", 'answer = "最多{most}。"', "没有定义的数字 {most}"),
        ("answer =", 'answer = "最多{amount。"', "花括号不成对"),
        ("answer =", 'answer = " "', "“answer”不能空着"),
        ("answer =", "answer = 5", "“answer”的类型不对"),
        ("review_by =", 'review_by = "2027-13-01"', "不是日期：2027-13-01"),
        ("source =", 'source = "nowhere"', "没有文件“nowhere”"),
        ("matter =", 'matter = ""', "“matter”不能空着"),
        ("where =", 'wher = ""', "不认识的项“wher”"),
        ("bound =", 'bound = "about"', "“bound”不能是“about”"),
        ("printed =", 'printed = ""', "“printed”不能空着"),
        ("title =", "title = 没有引号", "TOML 写错了"),
        ("unit =", 'unit = "元', "TOML 写错了"),
    ],
)
def test_a_fault_is_named_with_file_and_line(was: str, now: str, fault: str, packs: Path) -> None:
    line = broken(packs, was, now)
    assert_named(packs, fault, f"{FILE}:{line}:")


def test_an_id_unlike_its_file_name_stops_the_loading(packs: Path) -> None:
    line = broken(packs, "id =", 'id = "x-city-other"')
    with pytest.raises(EntryFault, match=f"{ENTRY}.toml:{line}: .*和文件名不一样"):
        load_library(root=packs)


def test_an_id_unlike_its_file_name_is_a_fault(packs: Path) -> None:
    line = broken(packs, "id =", 'id = "x-city-other"')
    assert_named(packs, "和文件名不一样", f"{FILE}:{line}:")


def test_too_few_wordings_are_a_fault(packs: Path) -> None:
    line = broken(packs, "asked_as =", 'asked_as = ["贷多少"]\ntraps2 = [')
    assert_named(packs, "问法不到6种", f"{FILE}:{line}:")


def test_a_wording_of_two_entries_is_a_fault(packs: Path) -> None:
    line = broken(packs, "asked_as =", 'asked_as = [\n"这个问法两边都有",')
    other = packs / "x-city" / "policies" / "x-city-document-blank.toml"
    text = other.read_text("utf-8").replace("asked_as = [", 'asked_as = [\n"这个问法两边都有",')
    other.write_text(text, "utf-8")
    assert_named(packs, "“这个问法两边都有”也是 x-city-document-blank 的问法", f"{FILE}:{line}:")


def test_a_figure_must_stand_in_the_printed_wording(packs: Path) -> None:
    broken(packs, "bound =", 'bound = "max"\nvalue = 150000')
    line = broken(packs, "printed =", 'printed = "最高10万元"')
    assert_named(packs, "“最高10万元”里找不到这个数", f"{FILE}:{line}:")


def test_a_figure_without_a_value_must_say_so(packs: Path) -> None:
    broken(packs, "bound =", 'bound = "max"')
    assert_named(packs, "缺少“value”", FILE)


def test_a_paper_with_a_bad_date_is_a_fault(packs: Path) -> None:
    head = packs / "x-city" / "pack.toml"
    text = head.read_text("utf-8").replace('date = "2025"', 'date = "去年"')
    head.write_text(text, "utf-8")
    line = next(i for i, each in enumerate(text.splitlines(), 1) if "去年" in each)
    assert_named(packs, "去年", f"x-city/pack.toml:{line}:")


def test_a_file_that_is_not_utf8_is_a_fault(packs: Path) -> None:
    packs.joinpath("x-city", "policies", f"{ENTRY}.toml").write_bytes(b"\xff\xfe")
    assert_named(packs, "不是 UTF-8 文字", f"{FILE}:1:")


def test_a_broken_pack_is_not_loaded(packs: Path) -> None:
    line = broken(packs, "slot =", 'slot = "价钱"')
    with pytest.raises(EntryFault, match=f"{ENTRY}.toml:{line}: “价钱”"):
        load_library(root=packs)
