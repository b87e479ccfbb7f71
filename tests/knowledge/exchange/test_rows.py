"""Each row is new, changed, unchanged, withdrawn or faulty, and the report says what and why."""

from __future__ import annotations

import tomllib
from datetime import datetime

import pytest

from knowledge.exchange.report import Outcome
from tests.knowledge.exchange.tables import (
    CAP,
    NEW,
    WORDINGS,
    Table,
    by_hand,
    exported,
    ground,
    held,
    line_of,
    told,
)

DAY = datetime(2026, 3, 1)  # noqa: DTZ001 (a cell knows no zone)
PATH = f"dingtao/policies/{CAP}.toml"


def test_a_changed_cell_is_told_with_old_and_new() -> None:
    edits = held(Table().set(CAP, "电话", "0530-2222222").data)
    assert list(edits.pages) == [PATH]
    assert 'phone = "0530-2222222"' in (edits.pages[PATH] or "")
    assert "电话：（空） → 0530-2222222" in told(edits)


def test_only_what_was_changed_differs_in_the_file() -> None:
    page = held(Table().set(CAP, "详细", "另一句。").data).pages[PATH]
    old, new = (tomllib.loads(text or "") for text in (ground().pages[PATH], page))
    assert {key for key in old if old[key] != new[key]} == {"detail"}


def test_a_new_row_gets_an_id_and_every_field() -> None:
    edits = held(Table().add(**NEW).data)
    [path] = edits.pages
    assert path.startswith("dingtao/policies/dingtao-new-")
    data = tomllib.loads(edits.pages[path] or "")
    assert (data["source"], data["kind"], data["status"]) == ("plan", "policy", "in_force")
    assert data["figures"]["n"]["value"] == 1


def test_the_same_new_row_twice_is_one_entry() -> None:
    data = Table().add(**NEW).data
    first = held(data)
    assert not held(data, ground(first.pages)).pages


def test_a_row_marked_withdrawn_takes_its_entry_out() -> None:
    edits = held(Table().set(CAP, "状态", "撤回").data)
    assert edits.pages == {PATH: None}


def test_a_row_that_is_gone_from_the_table_stays_in_service() -> None:
    table = Table()
    table.sheet.delete_rows(table.row(CAP))
    assert not held(table.data).pages


@pytest.mark.parametrize(
    ("heading", "value", "said"),
    [
        ("数字", "cap｜150000｜元｜最高｜最高10万元", "“最高10万元”里找不到这个数"),
        ("数字", "cap｜十五万｜元｜最高｜最高10万元", "“最高10万元”里找不到这个数"),
        ("数字", "cap 100000 元", "少了几段"),
        ("数字", "cap｜很多｜元｜最高｜最高10万元", "“很多”不是数值"),
        ("数字", "cap｜100000｜元｜大概｜最高10万元", "“大概”不是口径"),
        ("数字", "额度｜100000｜元｜最高｜最高10万元", "要用英文字母"),
        ("答复", "最高{most}", "没有定义的数字"),
        ("状态", "在用", "不在清单里"),
        ("方面", "多少钱", "不在清单里"),
        ("答复", None, "不能空着"),
        ("答复", "=1+1", "这一格是公式"),
        ("答复", "最高{cap", "花括号不成对"),
        ("依据文件", "国发〔2030〕1号", "没有“国发〔2030〕1号”这个文件"),
        ("电话", 53012345678, "区号前面的 0 丢了"),
        ("条款", DAY, "变成了日期"),
        ("止", "明年", "不是日期"),
        ("止", "2026-02-30", "不是日期"),
        ("问法", "个体户贷款", "问法不到6种"),
        ("规则", "年龄｜至少｜18｜写清了｜满18岁", "不是规则的项目"),
        ("规则", "经营月数｜至少｜六个月左右｜写清了｜经营", "不是数值"),
    ],
)
def test_a_faulty_row_is_named_with_column_and_reason(
    heading: str, value: object, said: str
) -> None:
    table = Table().set(CAP, heading, value).set("dingtao-letter", "电话", "12345")
    edits = held(table.data)
    line = line_of(edits, CAP)
    assert line.outcome is Outcome.FAULTY
    assert said in " ".join(map(str, line.mistakes))
    assert heading in [mistake.heading for mistake in line.mistakes]
    assert line.place == f"“定陶”表第{table.row(CAP)}行"
    assert list(edits.pages) == ["dingtao/policies/dingtao-letter.toml"]


def test_another_entry_s_wording_is_refused_at_the_row_that_brings_it() -> None:
    taken = "个体户创业担保贷款最高能贷多少"
    edits = held(Table().add(**{**NEW, "问法": f"{WORDINGS}\n{taken}"}).data)
    assert not edits.pages
    assert "的问法" in told(edits)


def test_the_same_id_twice_is_refused_at_the_second_row() -> None:
    edits = held(Table().add(**NEW, 编号=CAP).data)
    assert "是同一条" in told(edits)
    assert edits.report.count(Outcome.FAULTY) == 1


def test_a_copy_of_a_sheet_changes_nothing_but_is_not_taken_for_the_sheet() -> None:
    table = Table()
    table.book.copy_worksheet(table.sheet).title = "备份"
    assert held(table.data).report.count(Outcome.FAULTY) == 0
    table.sheet = table.book["备份"]
    edits = held(table.set(CAP, "电话", "12345").data)
    assert not edits.pages
    assert f"和“定陶”表第{table.row(CAP)}行是同一条" in told(edits)


def test_an_entry_changed_by_somebody_else_is_not_written_over() -> None:
    theirs = held(Table().set(CAP, "详细", "他们的话。").data).pages
    ours = held(Table().set(CAP, "详细", "我们的话。").data, ground(theirs))
    assert not ours.pages
    assert "导出以后别人改过这一条" in told(ours)


def test_a_row_left_as_exported_does_not_undo_what_others_did() -> None:
    theirs = held(Table().set(CAP, "详细", "他们的话。").data).pages
    ours = held(exported(), ground(theirs))
    assert not ours.pages
    assert ours.report.count(Outcome.FAULTY) == 0


def test_a_row_of_an_entry_withdrawn_since_is_refused_only_if_edited() -> None:
    gone = ground({PATH: None})
    assert held(exported(), gone).report.count(Outcome.FAULTY) == 0
    assert "已经撤回了" in told(held(Table().set(CAP, "详细", "新的。").data, gone))


def test_a_small_table_by_hand_changes_just_its_columns() -> None:
    data = by_hand([{"编号": CAP, "咨询电话": "0530-1111111"}], sheet="工作表1", above=2)
    edits = held(data)
    assert list(edits.pages) == [PATH]
    assert [change.heading for change in line_of(edits, CAP).changes] == ["电话"]


def test_a_table_by_hand_finds_entries_by_their_titles() -> None:
    title = "个体户创业担保贷款最高多少"
    edits = held(by_hand([{"地区": "定陶区", "问题": title, "答案": "最高{cap}。"}], "Sheet1"))
    assert list(edits.pages) == [PATH]


def test_a_row_of_no_known_area_says_how_to_mend_it() -> None:
    edits = held(by_hand([{"标题": "贷多少", "答复": "十万"}], "Sheet1"))
    assert "看不出是哪个地区" in told(edits)


@pytest.mark.parametrize(
    "entry", ["../../etc/passwd", "yichang-x", "定陶-贷款", "dingtao", "a" * 200]
)
def test_an_id_that_is_none_of_the_area_is_refused(entry: str) -> None:
    edits = held(by_hand([{**NEW, "编号": entry}]))
    assert not edits.pages
    assert edits.report.count(Outcome.FAULTY) == 1


def test_a_new_document_can_be_named_in_the_same_file() -> None:
    table = Table(sheet="定陶·文件")
    table.add(代号="n2027", 题名="关于贷款的通知", 文号="定人社〔2027〕3号", 日期="2027-01-15")
    table.sheet = table.book["定陶"]
    edits = held(table.add(**{**NEW, "依据文件": "定人社[2027]3号"}).data)
    assert "dingtao/pack.toml" in edits.pages
    assert len(edits.pages) == 2
    assert edits.report.count(Outcome.FAULTY) == 0


def test_a_silence_is_added_changed_and_withdrawn() -> None:
    table = Table(sheet="定陶·没写的")
    table.sheet.cell(2, table.column("状态")).value = "撤回"
    table.add(事项="买拖拉机", 没写的方面="额度、材料", 问法="额度：买拖拉机补几个钱")
    edits = held(table.data)
    [text] = edits.pages.values()
    matters = [u["matter"] for u in tomllib.loads(text or "")["unknown"]]
    old = tomllib.loads(ground().pages["dingtao/unknowns.toml"])["unknown"]
    assert len(matters) == len(old)
    assert matters[-1] == "买拖拉机"
