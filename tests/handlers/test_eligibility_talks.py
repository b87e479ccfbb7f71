"""The borders of the papers' rules as talks, from the first question to the last word."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

import pytest

from knowledge.answer import Answerer
from knowledge.library import load_library
from matching.facts import Entity
from records import erasure, person_facts
from records.people import Profile
from tests.handlers.support.talks import registered, two_people
from tests.handlers.support.walk import Walk

YICHANG, DINGTAO, PUYANG, XIANGTAN, LOCAL = "420500", "371703", "410900", "430300", "430321"
D20, D21 = "2026-11-20", "2026-11-21"


@cache
def answerer() -> Answerer:
    return Answerer(load_library())


def walk(area: str, day: str = "2026-11-21") -> Walk:
    now = datetime.fromisoformat(f"{day}T09:00:00+08:00").astimezone(UTC)
    return Walk(answerer=answerer(), area=area, now=now, is_new=False)


def heard(talk: Walk, *texts: str) -> str:
    talk.all(*texts)
    return talk.said()


@pytest.mark.parametrize(
    ("area", "day", "texts", "said", "unsaid"),
    [
        # YC-01: the day, the person, the licence before, the amount
        (YICHANG, D20, "? 没有 2026-05-21 2", "到11月21日满6个月", "够条件，"),
        (YICHANG, D21, "? 没有 2026-05-21 2", "看起来够条件", "满6个月"),
        (YICHANG, "2027-02-27", "? 没有 2026-08-31 2", "到2月28日满6个月", ""),
        (YICHANG, "2027-02-28", "? 没有 2026-08-31 2", "看起来够条件", ""),
        (YICHANG, D21, "? 没有 2026-05-21 1", "还差1个人", "看起来够"),
        (YICHANG, D21, "? 办过", "以前办过执照", "看起来够"),
        (YICHANG, D21, "一次性创业补贴给多少钱", "没写", "元"),
        # DT-03: the entity, the year to the day, contracts, insurance
        (DINGTAO, D21, "? 个体户 没有 2024年1月 签了 交了", "个体户算不算没写", "看起来够"),
        (DINGTAO, D21, "? 公司 没有 2025-11-21 签了 交了", "看起来够条件", ""),
        (DINGTAO, D20, "? 公司 没有 2025-11-21 签了 交了", "到11月21日满12个月", "看起来够"),
        (DINGTAO, D21, "? 公司 没有 2025-11-21 没签 交了", "还没签劳动合同", "看起来够"),
        (DINGTAO, D21, "? 公司 没有 2025-11-21 签了 没交", "还没交社保", "看起来够"),
        # DT-04: by the post
        (DINGTAO, D21, "我签了7个一年的合同能拿多少", "2000×7=14000元", ""),
        (DINGTAO, D21, "雇了7个人能补多少", "2000×7=14000元", ""),
        (DINGTAO, D21, "八个人多少", "2000×8=16000元", "6700"),
        (DINGTAO, D21, "雇20人补多少", "2000×20=40000元", "6700"),
        (DINGTAO, D21, "岗位补贴多少 20个人", "2000×20=40000元", "6700"),
        (DINGTAO, D21, "贷款最高多少 雇20人补多少 那8个人呢", "2000×8=16000元", "6700"),
        # DT-01 in 2026, with the country's figure as standing outside the paper
        (DINGTAO, D21, "我能贷款吗 个体户", "最高10万元", ""),
        (DINGTAO, D21, "我能贷款吗 个体户", "国家现在个人最高30万元（2026年，文件以外）", ""),
        # PY-05: a plan
        (PUYANG, D21, "个人贴息贷款最高多少", "打算提高到15万元", ""),
        (PUYANG, D21, "我能贷款吗 个人", "这是文件写的打算", ""),
        # nothing written, no area, the whole country
        (XIANGTAN, D21, "创业补贴给多少钱", "没写", "元"),
        ("", D21, "?", "您在哪个县", "元"),
        ("", D21, "全国创业担保贷款个人最高多少", "全国", "定陶"),
        # how people ask for it
        (DINGTAO, D21, "帮我看看创业补贴够不够", "您办的是哪一种", ""),
        (DINGTAO, D21, "贷款够不够", "您办的是哪一种", ""),
        (DINGTAO, D21, "帮我看看能不能贷", "您办的是哪一种", ""),
        (DINGTAO, D21, "看看我能不能领", "想看哪一样", ""),
        (DINGTAO, D21, "看看我够不够", "想看哪一样", ""),
    ],
)  # fmt: skip
def test_the_talk_ends_as_the_paper_says(
    area: str, day: str, texts: str, said: str, unsaid: str
) -> None:
    found = heard(walk(area, day), *texts.replace("?", "我能领创业补贴吗").split())
    assert said in found
    assert not unsaid or unsaid not in found


def test_two_that_fit_are_listed_apart_and_never_summed() -> None:
    ask = "公司签了7个人一年合同，一次性创业补贴和岗位补贴我都能领吗"
    found = heard(walk(DINGTAO), ask, "没有", "2024年1月", "交了")
    assert found.count("看起来够条件") == 2
    assert "能不能一起拿" in found
    assert "26000" not in found


# -- another county's policy


def test_another_countys_check_says_whose_rules_these_are() -> None:
    talk = walk(LOCAL)
    assert heard(talk, "我能去定陶贷吗").startswith("这是定陶的规定，不是湘潭县的：")
    assert "这是定陶的规定，不是湘潭县的：" in heard(talk, "个体户")


def test_one_s_own_county_s_check_needs_no_label() -> None:
    talk = walk(DINGTAO)
    assert "这是" not in heard(talk, "我能贷款吗")


@pytest.mark.parametrize("aside", ["那我们这边呢", "有什么表彰", "我们这边能贷多少"])
def test_a_question_by_the_way_stays_at_home(aside: str) -> None:
    talk = walk(LOCAL)
    found = heard(talk, "我能去定陶贷吗", aside)
    assert "菏定政办发" not in found
    assert talk.state.flow == "self_check"


def test_has_one_or_not_is_no_answer_of_none() -> None:
    talk = walk(LOCAL)
    assert "要先办执照" not in heard(talk, "我能去定陶贷吗", "培训有没有")


# -- what a registered person told


def of_dingtao(*texts: str) -> Walk:
    talk = registered()
    talk.answerer = answerer()
    talk.all("我是定陶的公司，定陶一次性创业补贴我能领吗", *texts)
    return talk


def me(talk: Walk) -> Profile:
    return talk.profiles()[0]


def test_what_is_told_is_kept() -> None:
    told = me(of_dingtao("没有", "2025年3月", "签了")).told
    assert told == {
        "entity_type": Entity.FIRM.value,
        "first_registration": True,
        "registered_on": ["2025-03-01", "2025-03-31"],
        "contracts_signed": True,
    }


def test_what_was_told_is_used_openly_and_not_asked_again() -> None:
    talk = of_dingtao("没有", "2025年3月", "签了", "交了")
    found = heard(talk, "定陶一次性创业补贴我能领吗")
    assert "按您以前说的算" in found
    assert "办的是：公司" in found
    assert "看起来够条件" in found


def test_begun_again_everything_is_asked_again() -> None:
    talk = of_dingtao("没有", "2025年3月")
    assert "您办的是哪一种" in heard(talk, "定陶一次性创业补贴我能领吗", "重来")


def test_what_nobody_could_tell_is_asked_again_another_time() -> None:
    talk = of_dingtao("没有", "2025年3月", "签了", "不清楚")
    assert "给员工和自己交社保没" in heard(talk, "定陶一次性创业补贴我能领吗")


def test_what_is_held_is_shown_and_copied() -> None:
    talk = of_dingtao("没有", "2025年3月")
    assert "办的是：公司" in heard(talk, "我的信息", "更多")
    assert "执照日期：2025年3月" in heard(talk, "导出")


def test_one_line_of_it_is_changed_by_its_number() -> None:
    talk = of_dingtao("没有")
    line = next(li for li in heard(talk, "我的信息", "更多").split("\n") if "办的是" in li)
    assert "您办的是哪一种" in heard(talk, f"改{line[:2]}")
    assert heard(talk, "个体户") == "改好了，办的是：个体户。"
    assert me(talk).told["entity_type"] == "个体户"


def test_one_line_of_it_is_taken_back() -> None:
    talk = of_dingtao("没有")
    line = next(li for li in heard(talk, "我的信息", "更多").split("\n") if "办的是" in li)
    talk.all(f"改{line[:2]}", "说不清")
    assert "entity_type" not in me(talk).told


def test_it_is_erased_with_the_person() -> None:
    talk = of_dingtao("没有")
    person = me(talk).id
    talk.store.run(lambda s: erasure.erase(s, person, counted=(), at=talk.now))
    assert talk.store.run(lambda s: person_facts.of(s, [person])) == {}


def test_who_is_not_registered_leaves_nothing() -> None:
    talk = walk(DINGTAO)
    talk.all("我是公司，一次性创业补贴我能领吗", "没有")
    assert not any(type(e).__name__ == "KeepFacts" for e in talk.last.effects)


def test_on_a_shared_account_nothing_is_kept_of_anybody() -> None:
    talk = two_people()
    talk.answerer = answerer()
    talk.all("我是定陶的公司，定陶一次性创业补贴我能领吗", "没有")
    assert [profile.told for profile in talk.profiles()] == [{}, {}]


def test_who_wants_the_same_lists_as_all_is_not_remembered() -> None:
    talk = registered("不看我的资料")
    talk.answerer = answerer()
    talk.all("我是定陶的公司，定陶一次性创业补贴我能领吗", "没有")
    assert me(talk).told == {}


def test_each_result_is_noted_with_its_rule_and_no_answers(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO", "guiyan.eligibility")
    walk(DINGTAO).all("我签了7个一年的合同能拿多少")
    (record,) = caplog.records
    noted = vars(record)
    assert (noted["rule"], noted["kind"]) == ("dingtao-post-subsidy-amount", "looks_ok")
    assert len(noted["version"]) == 12
    assert len(noted["inputs"]) == 64
