"""The rules of talk (domain 3.3), one by one; random talk is in test_properties."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from handlers import choices
from handlers.forms.form import shipped_forms
from handlers.prompts import fits
from handlers.texts import table
from records.messages import InboundKind
from tests.handlers.support.talks import REGISTERED, registered
from tests.handlers.support.walk import OFFICE, Walk


def _sentences() -> Iterator[tuple[str, str]]:
    for section, value in table("zh").items():
        rows = value.items() if isinstance(value, dict) else [("", value)]
        yield from ((f"{section}.{name}", text) for name, text in rows)


SAMPLE = {
    "office": OFFICE.name,
    "phone": OFFICE.phone,
    "title": "创业意愿登记",
    "names": "湘乡、东莞、濮阳",
    "different": "外出:半年以上、户口:城镇、想法:没想好、干的:种养、手艺:厨师",
    "why": "身体情况只用来安排轻活",
    "ask": "手机号后4位",
    "place": "长阳土家族自治县",
}


@pytest.mark.parametrize(
    ("key", "text"), [row for row in _sentences() if not row[0].startswith("self_check")]
)
def test_rule_1_no_sentence_is_too_long(key: str, text: str) -> None:
    class Filled(dict[str, str]):
        def __missing__(self, name: str) -> str:
            return "12"

    assert fits(text.format_map(Filled(SAMPLE))), key


def test_rule_1_short_lists_have_five_options_at_most() -> None:
    assert all(len(choices.named(name)) <= 5 for name in table("choices"))


def test_rule_1_one_question_at_a_time() -> None:
    for form in shipped_forms().values():
        for question in form.questions:
            assert question.ask.count("?") + question.ask.count("？") <= 2, question.id


@pytest.mark.parametrize(
    "said", ["2", "２", "二", "第二个", "选2", "还在外地", "在外地呢", "外弟"]
)
def test_rule_2_an_answer_in_many_ways(said: str) -> None:
    walk = Walk()
    walk.all(*REGISTERED[:3], said)
    assert "在哪个省" in walk.said() or "啥时候回来" in walk.said()


@pytest.mark.parametrize("said", ["2 5", "2、5", "二和五", "25", "项目和人手"])
def test_rule_2_several_answers_at_once(said: str) -> None:
    walk = registered(talk=(*REGISTERED[:11], said, *REGISTERED[12:]))
    assert walk.profiles()[0].answers["lacks"] == ["project", "people"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("返回", "第3题"),
        ("重来", "第1题"),
        ("人工", "已请工作人员"),
        ("退出", "一个字没留"),
        ("删除", "真要删吗"),
        ("听不懂", "户口本"),
        ("停", "不再给您推送"),
    ],
)
def test_rule_3_always_on_words_win_over_answers(said: str, told: str) -> None:
    walk = Walk()
    walk.all(*REGISTERED[:7])
    assert "户口" in walk.said()
    walk.say(said)
    assert told in walk.said()


def test_rule_4_after_two_failed_tries_another_way_is_offered() -> None:
    walk = Walk()
    walk.all(*REGISTERED[:7], "啊这", "啊那")
    assert walk.last.replies[-1].options[0].label == "1 请人帮忙"


def test_rule_4_an_optional_question_may_then_be_skipped() -> None:
    walk = Walk()
    walk.all(*REGISTERED[:9], "啊这", "啊那", "1")
    assert "第7题" in walk.said()


def test_rule_5_progress_is_shown_and_an_answer_can_be_changed() -> None:
    walk = Walk()
    walk.all(*REGISTERED[:8])
    assert "第5题，共9题" in walk.said()
    walk.say("改3")
    assert "第3题，共9题" in walk.said()
    walk.say("2")
    assert "第5题，共9题" in walk.said()


@pytest.mark.parametrize("word", ["恭喜", "符合条件", "反担保", "贴息", "孵化基地", "身份证照片"])
def test_rules_7_and_8_words_that_we_never_use(word: str) -> None:
    shown = [text for key, text in _sentences() if not key.startswith("self_check")]
    assert not [text for text in shown if word in text]


@pytest.mark.parametrize("promise", ["一定能", "保证能", "包您", "稳赚", "肯定能"])
def test_no_promise_of_success(promise: str) -> None:
    assert not [key for key, text in _sentences() if promise in text]


@pytest.mark.parametrize("kind", [InboundKind.VOICE, InboundKind.PICTURE, InboundKind.OTHER])
def test_rule_9_what_we_cannot_hear_or_see_gets_a_way_out(kind: InboundKind) -> None:
    walk = Walk(is_new=False)
    assert "打字" in walk.say("", kind)[0].text


def test_rule_10_nothing_personal_in_a_group() -> None:
    alone = registered()
    group = Walk(store=alone.store, chat=alone.chat, is_group=True, is_new=False)
    for said in ("我的信息", "导出", "13900001234", "老王的手机号是多少", "登记"):
        group.say(said)
        assert "老王" not in group.said()
        assert "13900001234" not in group.said()


@pytest.mark.parametrize("said", ["你好", "登记", "开小店能贷多少", "人工", "退出"])
def test_rule_11_a_new_person_learns_who_we_are(said: str) -> None:
    walk = Walk()
    walk.say(said)
    assert OFFICE.name in walk.said()
    assert OFFICE.phone in walk.said()
    assert "不收" in walk.said()


def test_rule_11_without_a_phone_we_say_so() -> None:
    walk = Walk(phone="")
    walk.say("你好")
    assert "电话待补" in walk.said()


def test_rule_12_a_draft_lives_and_is_taken_up() -> None:
    walk = Walk()
    walk.all(*REGISTERED[:7])
    walk.now += timedelta(days=29)
    walk.say("你好")
    assert "上次填到第4题，接着填？" in walk.said()
    walk.all("1", "农村")
    assert "第5题" in walk.said()


def test_a_question_is_never_an_answer() -> None:
    walk = Walk()
    walk.all(*REGISTERED[:12], "贷款要啥条件")
    assert "依据" in walk.said()
    assert "留个称呼" in walk.said()
