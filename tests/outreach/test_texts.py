"""Every sentence that we write unasked is used, filled in, and short enough."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from outreach.pieces import LONGEST
from outreach.texts import say, sentences

ROOT = Path(__file__).parent.parent.parent
LONG = {
    "which": "文字B（企业微信）",
    "day": "12月31日",
    "question": "问" * 21,
    "title": "题" * 20,
    "count": 99,
    "office": "返乡创业服务中心",
    "place": "（" + "镇" * 20 + "）",
    "number": "G7K2M4",
    "what": "要查或删个人信息",
    "hours": "上午9点，",
    "phase": "孵化",
    "word": "自己干了",
    "time": "15点30分",
    "event": 99,
    "text": "话" * 60,
    "until": "已超期12个工作日",
    "name": "小刘",
    "role": "导师",
    "post": 999,
    "people": "1200人",
    "parts": "2个群已发（共412人），1个等您粘贴",
    "most": 3,
    "kind": "返乡群",
    "free": 12,
    "first": "12月1日",
    "code": "查7GEGTXK",
    "summary": "3个群：2个已发（共412人），1个等您粘贴。",
    "reason": "有人名，请删掉再发",
    "numbers": "1、2、3",
    "last": "12月28日",
    "old": "老周",
    "days": 3,
    "money": "1.5万–20万",
    "reasons": "①" + "会" * 30 + " ②" + "想" * 30,
    "caution": "险" * 30,
    "dept": "局" * 20,
    "expert": "，专家评过",
    "why": "超过180天没核实",
    "area": "菏泽市定陶区",
    "months": 12,
    "half": "2026年下半年",
    "rule": "正常经营1年以上",
    "agency": "市人社局",
    "source": "菏定政办发〔2017〕38号",
    "phone": "电话待补",
    "month": "2026年10月",
    "talks": 999,
    "registered": 99,
    "scanned": 99,
    "where": "火车站600人、汽车站399人",
    "matters": "贷款300、补贴200、项目99",
}


_KEY = re.compile(r"""["']([a-z]+\.[a-z_]+)["']""")
_ROOMS = ("outreach", "scheduler", "handlers", "bot")


def _used() -> set[str]:
    files = [path for room in _ROOMS for path in (ROOT / room).rglob("*.py")]
    return {
        key
        for file in files
        for key in re.findall(r"""["']([a-z]+\.[a-z_]+)["']""", file.read_text())
    }


@pytest.mark.parametrize("key", sentences())
def test_a_sentence_is_used_and_fits_when_it_is_filled_in(key: str) -> None:
    assert key in _used()
    assert len(say(key, **LONG)) <= LONGEST
