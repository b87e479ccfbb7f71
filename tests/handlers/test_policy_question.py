"""Free questions: for which place, what follows an answer, what is kept of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from records.questions import Feedback, OpenQuestion
from tests.handlers.support.fixed_answers import LOAN
from tests.handlers.support.talks import REGISTERED, registered
from tests.handlers.support.walk import Walk

FRAUD = "防骗提醒"


def _walk() -> Walk:
    return Walk(is_new=False)


def test_the_place_is_asked_and_the_waiting_question_answered() -> None:
    walk = _walk()
    walk.say("开小店能贷多少")
    assert "老家是哪个县" in walk.said()
    walk.say("定陶的")
    assert LOAN in walk.said()
    assert walk.state.memory["area"] == "371703"


def test_what_goes_on_while_the_place_is_asked_is_kept_with_the_question() -> None:
    walk = _walk()
    walk.all("开小店能贷多少", "那要几年呢")
    assert "老家" in walk.said()
    walk.say("定陶的")
    assert "10万" in walk.said()


def test_a_place_in_the_question_wins_over_the_home() -> None:
    walk = registered("宜昌补贴多少钱")
    assert "宜昌的文件没写" in walk.said()
    assert walk.state.memory["area"] == "430381"


def test_the_home_is_known_from_the_registration() -> None:
    walk = registered("开小店能贷多少")
    assert LOAN in walk.said()


def test_the_home_is_known_from_the_conversations_row() -> None:
    walk = Walk(is_new=False, area="371703")
    walk.say("开小店能贷多少")
    assert LOAN in walk.said()


@pytest.mark.parametrize("said", ["不用了", "算了", "跳过", "不想说"])
def test_who_does_not_tell_the_place_is_let_go(said: str) -> None:
    walk = _walk()
    walk.all("开小店能贷多少", said)
    assert "不敢乱答" in walk.said()


def test_a_bare_place_out_of_the_blue_is_the_home() -> None:
    walk = _walk()
    walk.say("我是定陶的")
    assert "按定陶的政策答您" in walk.said()
    walk.say("开小店能贷多少")
    assert LOAN in walk.said()


def test_answers_are_the_same_for_the_registered_and_everybody() -> None:
    known, stranger = registered("定陶贷款"), _walk()
    stranger.say("定陶贷款")
    assert known.said() == stranger.said()


def test_one_warning_of_fraud_a_day() -> None:
    walk = _walk()
    warned = []
    for hours in (0, 1, 24):
        walk.wait(hours=hours)
        walk.say("定陶贷款")
        warned.append(FRAUD in walk.said())
    assert warned == [True, False, True]


def test_the_topic_is_kept_for_two_hours() -> None:
    walk = _walk()
    walk.say("定陶贷款")
    assert walk.state.memory["topic"]["area"] == "371703"


def test_more_detail_on_request() -> None:
    walk = _walk()
    walk.all("定陶贷款", "详细")
    assert "营业执照" in walk.said()


def test_not_understood_after_an_answer_means_say_it_differently() -> None:
    walk = _walk()
    walk.all("定陶贷款", "没听懂")
    assert "营业执照" in walk.said()


@pytest.mark.parametrize(
    ("said", "useful"), [("有用", True), ("没用", False), ("答非所问", False)]
)
def test_a_verdict_is_kept_without_the_reader(said: str, useful: bool) -> None:
    walk = _walk()
    walk.all("定陶贷款", said)
    row = walk.store.run(lambda s: s.execute(select(Feedback)).scalars().one())
    assert (row.entry, row.is_useful) == ("dingtao-loan", useful)
    assert not set(Feedback.model_fields) & {"account", "person_id", "conversation"}


def test_an_open_question_is_kept_without_the_asker() -> None:
    walk = _walk()
    walk.say("我叫王小明13900001234,宜昌补贴多少钱")
    row = walk.store.run(lambda s: s.execute(select(OpenQuestion)).scalars().one())
    assert (row.text, row.decision) == ("宜昌补贴多少钱", "not_stated")
    assert not set(OpenQuestion.model_fields) & {"account", "person_id"}


def test_j6_silence_of_the_papers_offers_a_call() -> None:
    walk = _walk()
    walk.say("宜昌补贴多少钱")
    assert "没写" in walk.said()
    assert "回电话" in walk.said()


def test_nonsense_is_not_answered_in_the_same_words_thrice() -> None:
    walk = _walk()
    told = []
    for _ in range(5):
        walk.say("qwerty")
        told.append(walk.said())
    assert all(told[i] != told[i + 1] or told[i + 1] != told[i + 2] for i in range(3))


def test_a_choice_by_number_is_answered() -> None:
    walk = Walk(is_new=False, area="371703")
    walk.all("哪种贷款", "2")
    assert LOAN in walk.said()


def test_a_tap_on_an_old_option_is_not_taken_for_an_answer() -> None:
    walk = Walk(is_new=False, area="371703")
    walk.say("哪种贷款")
    old = walk.last
    walk.all("天气")
    walk.last = old
    walk.tap("小微企业")
    assert "前面的选项" in walk.said()


def test_a_tap_on_an_old_list_is_not_taken_for_one_of_the_newer_list() -> None:
    walk = Walk(is_new=False, area="371703")
    walk.say("哪种贷款")
    old = walk.last
    walk.say("创业项目展示")
    assert walk.state.data["choices"]
    walk.last = old
    walk.tap("小微企业")
    assert "前面的选项" in walk.said()


def test_a_topic_grows_old() -> None:
    walk = _walk()
    walk.say("定陶贷款")
    walk.now += timedelta(hours=3)
    walk.say("那要啥条件")
    assert "老家是哪个县" in walk.said()


def test_asking_in_a_form_keeps_the_form() -> None:
    walk = Walk()
    walk.all(*REGISTERED[:5], "补贴有多少?")
    assert "没写" in walk.said()
    assert "啥时候回来" in walk.said()


def test_the_date_is_no_question_to_the_papers() -> None:
    walk = _walk()
    walk.all("定陶开小店能贷多少", "今天几号")
    assert "今天是11月21日，星期六" in walk.said()


def test_who_asks_who_we_are_is_told_office_program_and_price() -> None:
    walk = _walk()
    walk.say("你是谁")
    assert all(word in walk.said() for word in ("人力资源和社会保障局", "程序", "不收钱"))
