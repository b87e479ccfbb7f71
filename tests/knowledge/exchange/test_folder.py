"""Entries as files: byte-equal out, only what differs in, nobody's edit lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.exchange.content import Content
from knowledge.exchange.folder import from_folder, write_folder
from knowledge.exchange.guard import FileRefused
from knowledge.exchange.report import Outcome
from tests.knowledge.exchange.tables import CAP, ground, shipped, told

NAME = f"dingtao/policies/{CAP}.toml"
PACKS = Path(__file__).parents[3] / "knowledge" / "packs"


def _written(folder: Path, edited: dict[str, str | None] | None = None) -> Path:
    write_folder(Content(ground(edited).pages), folder)
    return folder / NAME


def test_untouched_files_are_equal_to_the_byte(tmp_path: Path) -> None:
    count = write_folder(Content(shipped().pages), tmp_path)
    files = list(tmp_path.rglob("*.toml"))
    assert len(files) == count
    for file in files:
        assert file.read_bytes() == (PACKS / file.relative_to(tmp_path)).read_bytes()


def test_a_folder_read_back_changes_nothing(tmp_path: Path) -> None:
    _written(tmp_path)
    assert not from_folder(tmp_path, ground()).pages


def test_windows_line_ends_and_a_byte_mark_change_nothing(tmp_path: Path) -> None:
    file = _written(tmp_path)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert not from_folder(tmp_path, ground()).pages


def test_an_edited_file_is_told_field_by_field(tmp_path: Path) -> None:
    file = _written(tmp_path)
    file.write_text(file.read_text("utf-8").replace('phone = ""', 'phone = "12345"'), "utf-8")
    edits = from_folder(tmp_path, ground())
    assert list(edits.pages) == [NAME]
    assert "电话：（空） → 12345" in told(edits)


def test_the_folder_of_one_area_will_do(tmp_path: Path) -> None:
    file = _written(tmp_path)
    file.write_text(file.read_text("utf-8").replace('phone = ""', 'phone = "12345"'), "utf-8")
    assert list(from_folder(tmp_path / "dingtao", ground()).pages) == [NAME]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("value = 100000", "value = 120000", "“最高10万元”里找不到这个数"),
        ("matter =", "mater =", "不认识的项"),
        ("id = ", "id == ", "TOML 写错了"),
    ],
)
def test_a_faulty_file_stops_no_other(tmp_path: Path, old: str, new: str, said: str) -> None:
    file = _written(tmp_path)
    file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")
    other = tmp_path / "dingtao/policies/dingtao-letter.toml"
    other.write_text(other.read_text("utf-8").replace('phone = ""', 'phone = "12333"'), "utf-8")
    edits = from_folder(tmp_path, ground())
    assert list(edits.pages) == ["dingtao/policies/dingtao-letter.toml"]
    assert said in told(edits)


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    file = _written(tmp_path)
    file.write_bytes(file.read_text("utf-8").encode("gbk", "replace"))
    assert "不是 UTF-8" in told(from_folder(tmp_path, ground()))


def test_a_file_changed_by_somebody_else_is_not_written_over(tmp_path: Path) -> None:
    file = _written(tmp_path)
    text = file.read_text("utf-8")
    theirs = {NAME: text.replace('phone = ""', 'phone = "12333"')}
    assert not from_folder(tmp_path, ground(theirs)).report.count(Outcome.FAULTY)
    file.write_text(text.replace('phone = ""', 'phone = "12345"'), "utf-8")
    edits = from_folder(tmp_path, ground(theirs))
    assert not edits.pages
    assert "导出以后别人改过" in told(edits)


def test_an_export_never_writes_over_an_edit(tmp_path: Path) -> None:
    file = _written(tmp_path)
    _written(tmp_path)
    file.write_text(file.read_text("utf-8") + "# mine\n", "utf-8")
    with pytest.raises(FileRefused, match="换一个空文件夹"):
        _written(tmp_path)
    assert file.read_text("utf-8").endswith("# mine\n")


def test_an_entry_withdrawn_since_leaves_the_folder_with_the_next_export(tmp_path: Path) -> None:
    file = _written(tmp_path)
    _written(tmp_path, {NAME: None})
    assert not file.exists()


def test_a_folder_without_entries_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="没有内容文件"):
        from_folder(tmp_path, ground())
