"""What people say to the projects in front of them: kept, obeyed, and never forgotten at once."""

from __future__ import annotations

import pytest

from handlers.projects.narrow_words import Narrow, Said, said_of
from matching.codes import Category
from outreach.projects import library
from tests.handlers.support.talks import registered
from tests.handlers.support.walk import Walk

FARMING = Category.FARMING


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("我只有两万块能干啥", Said(Narrow.MONEY, number=20_000, stands_alone=True)),
        ("手里就五千块钱", Said(Narrow.MONEY, number=5_000)),
        ("不想养殖", Said(Narrow.NOT_LINE, FARMING)),
        ("别推养鸡的了", Said(Narrow.NOT_LINE, FARMING)),
        ("我想养猪", Said(Narrow.LINE, FARMING)),
        ("有没有养殖项目", Said(Narrow.LINE, FARMING, stands_alone=True)),
        ("离家近的", Said(Narrow.NEAR)),
        ("有没有投钱少的", Said(Narrow.CHEAP)),
        ("来个便宜点的", Said(Narrow.CHEAP)),
        ("在家能干的有没有", Said(Narrow.NO_SITE)),
        ("第2个具体说说", Said(Narrow.NTH, number=2)),
        ("第二个要多少钱", Said(Narrow.NTH, number=2)),
        ("要不要场地", Said(Narrow.ABOUT)),
        ("还有别的吗", Said(Narrow.MORE)),
        ("都不感兴趣", Said(Narrow.MORE)),
        ("我会电焊能干啥", Said(Narrow.SKILL, about="电焊", stands_alone=True)),
        ("我有叉车证", Said(Narrow.PAPER, about="叉车")),
        ("这个靠谱吗", Said(Narrow.TRUST)),
        ("亏了咋办", Said(Narrow.RISK)),
        ("办营业执照要多少钱", None),
        ("不想登记", None),
        ("不感兴趣", None),
        ("创业贷款能贷几年", None),
        ("2", None),
        ("13900001234", None),
    ],
)
def test_what_is_said_to_a_list(text: str, said: Said | None) -> None:
    assert said_of(text) == said


@pytest.fixture
def walk() -> Walk:
    """老王, who wants a shop or farming and can cook, with the first card in front of him."""
    walk = registered()
    walk.stock(is_real=True)
    walk.say("项目")
    return walk


def test_a_sum_holds_to_the_yuan_for_the_whole_talk(walk: Walk) -> None:
    walk.say("我只有两万块能干啥")
    assert "本钱约2万–4万" in walk.said()
    assert walk.profiles()[0].answers["capital_band"] == "to_50k"
    walk.say("不想养殖")
    assert "本钱约3万" not in walk.said()


def test_a_line_not_wanted_is_gone_until_it_is_wanted_again(walk: Walk) -> None:
    walk.say("不想养殖")
    assert "林下养土鸡" not in walk.said()
    walk.say("为什么没有养鸡的")
    assert "您说过不想干种养" in walk.said()
    walk.say("想看种养项目")
    assert "林下养土鸡" in walk.said()
    assert walk.profiles()[0].answers["not_kind"] == []


def test_half_a_year_later_the_line_may_come_again(walk: Walk) -> None:
    walk.say("不想养殖")
    walk.wait(days=181)
    walk.say("为什么没有养鸡的")
    assert "不想干种养" not in walk.said()


def test_one_of_the_list_is_told_in_full(walk: Walk) -> None:
    ids = walk.state.data["ids"]
    walk.say("第2个具体说说")
    assert (walk.state.data["at"], walk.state.data["ids"]) == (1, ids)
    assert "本钱约" in walk.said()
    walk.say("第9个具体说说")
    assert "只有3个" in walk.said()


def test_another_three_are_others(walk: Walk) -> None:
    walk.say("不想养殖")
    before = set(walk.state.data["ids"])
    walk.say("有没有养殖项目")
    walk.say("换一批")
    assert "没有合适的" in walk.said() or not before & set(walk.state.data["ids"])


def test_cheap_ones_are_cheap(walk: Walk) -> None:
    walk.say("有没有投钱少的")
    goods = walk.store.run(lambda s: library.of_counties(s, {"430381"}))
    shown = [one for one in goods.stock.projects if one.id in walk.state.data["ids"]]
    assert shown
    assert all(one.min_capital_yuan <= 10_000 for one in shown)


def test_a_certificate_is_kept_even_if_no_project_asks_for_it(walk: Walk) -> None:
    walk.say("我有叉车证")
    assert walk.profiles()[0].answers["certificates"] == [["叉车", 0, ""]]
    assert "没有项目要这个证" in walk.said()


def test_a_skill_is_added_to_those_known(walk: Walk) -> None:
    before = walk.profiles()[0].answers["skills"]
    walk.say("我会电焊能干啥")
    assert walk.profiles()[0].answers["skills"] == [*before, "welder"]


def test_nobody_promises_that_it_pays(walk: Walk) -> None:
    walk.say("这个靠谱吗")
    assert "没人能打包票" in walk.said()
    walk.say("亏了咋办")
    assert "亏了要自己担" in walk.said()


def test_after_the_last_card_the_talk_goes_on(walk: Walk) -> None:
    walk.all("3", "3", "3")
    assert "就这些了" in walk.said()
    walk.say("有没有投钱少的")
    assert "【" in walk.said()


def test_of_strangers_nothing_is_said_to_be_kept() -> None:
    walk = Walk(area="430381")
    walk.stock(is_real=True)
    walk.all("项目", "我有叉车证")
    assert "先登记" in walk.said()
    walk.all("项目", "我只有两万块能干啥")
    assert "按2万本钱" in walk.said()


def test_all_that_was_told_can_be_read_again(walk: Walk) -> None:
    walk.all("我只有两万块能干啥", "不想养殖", "我有叉车证", "导出我的信息")
    for line in ("找项目时说的本钱：1万到5万元", "不想干：种养", "证：叉车"):
        assert line in walk.said()
