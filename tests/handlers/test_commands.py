"""Always-on words and their natural variants, and what must not be taken for one."""

from __future__ import annotations

import pytest

from handlers import commands
from handlers.commands import Command


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("返回", Command.BACK),
        ("0", Command.BACK),
        ("0 返回", Command.BACK),
        ("上一步", Command.BACK),
        ("返回上一题吧", Command.BACK),
        ("重来", Command.RESTART),
        ("我要重新开始", Command.RESTART),
        ("从头填", Command.RESTART),
        ("人工", Command.HUMAN),
        ("转人工", Command.HUMAN),
        ("我要找人工，贷款被拒了", Command.HUMAN),
        ("人工，孩子上学的手续咋办", Command.HUMAN),
        ("贷款跑了三趟都被拒了，银行说材料不够，我要找人工", Command.HUMAN),
        ("人工费用多少，有补贴吗", None),
        ("怎么找客服，电话多少", None),
        ("请帮我转人工客服", Command.HUMAN),
        ("我要找个真人", Command.HUMAN),
        ("想跟人说", Command.HUMAN),
        ("退出", Command.QUIT),
        ("不想弄了", Command.QUIT),
        ("撤回同意", Command.QUIT),
        ("删除", Command.DELETE),
        ("把我的信息删了", Command.DELETE),
        ("请删除我的登记资料", Command.DELETE),
        ("我的电话给我清除掉", Command.DELETE),
        ("听不懂", Command.UNCLEAR),
        ("没听懂啊", Command.UNCLEAR),
        ("啥意思", Command.UNCLEAR),
        ("停", Command.STOP),
        ("别发了", Command.STOP),
        ("T", Command.STOP),
        ("td", Command.STOP),
        ("退订", Command.STOP),
        ("不要再给我发消息了", Command.STOP),
        ("不想收", Command.STOP),
        ("我不想再收你们的消息了", Command.STOP),
        ("不收短信了", Command.STOP),
        ("不收", None),
        ("不想收徒弟", None),
        ("首页", Command.HOME),
        ("怎么用", Command.HELP),
        ("我的信息", Command.MINE),
        ("我要登记", Command.REGISTER),
        ("帮我登记一哈", Command.REGISTER),
        ("我想在咱这登个记", Command.REGISTER),
        ("俺想报个名", Command.REGISTER),
        ("录入一下我的信息", Command.REGISTER),
        ("给我登上", Command.REGISTER),
        ("我要登记创业意愿", Command.REGISTER),
        ("我想登记个体户", None),
        ("婚姻登记", None),
        ("投诉", Command.COMPLAIN),
        ("我要投诉，窗口让我跑了三趟", Command.COMPLAIN),
        ("投诉窗口态度差", Command.COMPLAIN),
        ("投诉，去哪里", None),
        ("不看我的资料", Command.ALIKE),
        ("结束", Command.END),
    ],
)
def test_a_word_means_the_same_everywhere(said: str, command: Command | None) -> None:
    assert commands.of(said) is command


@pytest.mark.parametrize(
    "said",
    [
        "贷款停了吗",
        "返乡创业有补贴吗",
        "人工费贵不贵",
        "退休了能贷款吗",
        "花桥村",
        "我",
        "要",
        "不",
        "没想好",
        "老王",
        "贷款逾期能不能删除",
        "2 5",
    ],
)
def test_other_messages_are_no_commands(said: str) -> None:
    assert commands.of(said) not in commands.ALWAYS_ON


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("改3", 3),
        ("改第三题", 3),
        ("我要改 5", 5),
        ("修改2", 2),
        ("改一下第9题", 9),
        ("改", 0),
        ("3", 0),
    ],
)
def test_a_change_names_its_question(said: str, number: int) -> None:
    assert commands.changes(said) == number


@pytest.mark.parametrize(
    "said", ["再登记一个人", "给我老婆登记", "帮老乡报个名", "替我弟弟也登记一下"]
)
def test_registering_for_others_is_heard(said: str) -> None:
    assert commands.for_another(said)


@pytest.mark.parametrize("said", ["登记", "给我登记", "老婆不让登记"])
def test_registering_oneself_is_not_for_others(said: str) -> None:
    assert not commands.for_another(said)
