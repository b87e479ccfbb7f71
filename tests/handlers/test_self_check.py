"""The self-check as people lead it, on the real entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache

import orjson
import pytest

from handlers import prompts
from handlers.dialogue import Office, Reply, Scene, State, Turn
from handlers.effects import OpenTicket
from handlers.policy_question import FOLLOW_UP
from handlers.self_check import SelfCheck, recall
from handlers.self_check.policies import policies_of
from handlers.self_check.wording import Speaker
from knowledge.answer import Answerer
from knowledge.library import load_library
from matching.eligibility import LOANS, Policy, check
from matching.facts import ATTRIBUTES, Days, Entity, Facts, Insurance, LoanKind
from records.people import Profile, Source, Status
from tests.handlers.support.walk import Store, Walk
from tests.support.builders import a_message

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
YICHANG, DINGTAO, PUYANG, XIANGTAN = "420500", "371703", "410900", "430300"
MAY_I = "我能领创业补贴吗"


@cache
def answerer() -> Answerer:
    return Answerer(load_library())


@dataclass
class Talk:
    """One person in a self-check."""

    area: str = YICHANG
    now: datetime = NOW
    profiles: tuple[Profile, ...] = ()
    state: State = field(default_factory=State)
    replies: tuple[Reply, ...] = ()

    def scene(self) -> Scene:
        office = Office("某县人社局", "")
        return Scene(self.now, answerer(), office, area=self.area, profiles=self.profiles)

    def takes(self, text: str) -> bool:
        return SelfCheck().takes(a_message(self.now, text), self.state, self.scene())

    def turn(self, text: str) -> Turn:
        return SelfCheck().advance(a_message(self.now, text), self.state, self.scene())

    def say(self, *texts: str) -> str:
        """What is replied to the last of several messages, through JSON as the store keeps it."""
        for text in texts:
            turn = self.turn(text)
            self.replies = turn.replies
            self.state = State.from_dict(orjson.loads(orjson.dumps(turn.state.as_dict())))
        return "\n".join(reply.text for reply in self.replies)


def options(talk: Talk) -> list[str]:
    return [option.value for reply in talk.replies for option in reply.options]


# -- J5


def test_the_missing_conditions_are_named_and_one_question_is_asked() -> None:
    said = Talk().say(MAY_I)
    assert all(words in said for words in ("初次办理注册登记", "经营6个月及以上", "带动就业2人"))
    assert said.count("？") == 1


def test_the_answers_lead_to_a_result_with_source_gap_and_human() -> None:
    talk = Talk()
    said = talk.say(MAY_I, "1", "2026年5月21日", "就我一个人")
    assert "还差1个人（连您要满2人）" in said
    assert "依据：《宜昌市支持返乡创业工作任务清单》，没印日期，市人社局，电话待补。" in said
    assert "找人审核" in options(talk)
    assert talk.state.flow == ""


@pytest.mark.parametrize(
    ("area", "texts", "expected"),
    [
        # 宜昌
        (YICHANG, [MAY_I, "没有", "2026-05-21", "2"], "看起来够条件，最后由市人社局审核。"),
        (YICHANG, [MAY_I, "没有", "2026-05-21", "2"], "是不是返乡人员由市人社局认定"),
        (YICHANG, [MAY_I, "没有", "2026-05-21", "2"], "给多少钱，文件里没写"),
        (YICHANG, [MAY_I, "没有", "2026-05-22", "2"], "到11月22日满6个月"),
        (YICHANG, [MAY_I, "没有", "今年8月", "2"], "大约到2027年2月满6个月"),
        (YICHANG, [MAY_I, "没有", "还没办", "2"], "要先办执照，再做满6个月"),
        (YICHANG, [MAY_I, "办过"], "以前办过执照"),
        (YICHANG, ["我能领雁归宜昌项目的钱吗", "评上了"], "每个给5万元"),
        (YICHANG, ["我能领雁归宜昌项目的钱吗", "没有"], "要先评上雁归宜昌项目"),
        (YICHANG, ["我能领农机补贴吗"], "没写能对的条件，够不够由市农业农村局定"),
        # 定陶
        (DINGTAO, ["我签了7个一年的合同能拿多少"], "按文件算2000×7=14000元，封顶没写"),
        (DINGTAO, ["我签了7个合同能拿多少", "7"], "按文件算2000×7=14000元，封顶没写"),
        (DINGTAO, ["我能领岗位补贴吗", "没有"], "还差1个签一年以上合同的"),
        (DINGTAO, ["我能贷款吗", "1"], "最高10万元"),
        (DINGTAO, ["我能贷款吗", "1"], "国家现在个人最高30万元（2026年，文件以外）"),
        (DINGTAO, ["我能贷款吗", "公司"], "最高300万元"),
        (DINGTAO, ["我能贷款吗", "没办"], "要先办执照"),
        (DINGTAO, ["我能领专项扶持资金吗"], "不发给一个人"),
        (DINGTAO, ["我能贷款吗", "1"], "这是2017年的文件，办之前请打电话问一下"),
        # 濮阳: planned
        (PUYANG, ["我能贷款吗", "个人"], "打算提高到15万元"),
        (PUYANG, ["我能贷款吗", "个人"], "这是文件写的打算"),
        (PUYANG, ["我能领园区奖补吗", "3"], "50万元"),
        (PUYANG, ["我能领园区奖补吗", "5"], "要先评上"),
        # 按规定: the paper names no condition
        (YICHANG, ["我能拿贷款贴息吗"], "没写能对的条件，够不够由市农业农村局定"),
        # nothing written
        (XIANGTAN, [MAY_I], "文件提到一次性创业补贴，但没写能对的条件"),
        ("110000", [MAY_I], "北京的文件我们手上还没有"),
        ("", [MAY_I], "您在哪个县"),
        ("", [MAY_I, "我是定陶的"], "看定陶一次性创业补贴够不够"),
        ("", [MAY_I, "在宜昌那边"], "看宜昌一次性创业补贴够不够"),
        ("", [MAY_I, "月亮上"], "没听出是哪个县"),
        ("", ["我在宜昌能领创业补贴吗"], "看宜昌一次性创业补贴够不够"),
    ],
)
def test_what_comes_out(area: str, texts: list[str], expected: str) -> None:
    assert expected in Talk(area).say(*texts)


def test_a_sole_trader_learns_that_the_paper_names_small_firms() -> None:
    said = Talk(DINGTAO).say("我是个体户，开了两年，交了社保能领一次性补贴吗", "没有", "签了")
    assert "够不够说不准，先打电话问区人社局" in said
    assert "文件写的是小微企业，个体户算不算没写" in said


def test_two_subsidies_are_listed_apart_and_never_summed() -> None:
    ask = "公司签了7个人一年合同，一次性创业补贴和岗位补贴我都能领吗"
    said = Talk(DINGTAO).say(ask, "没有", "2024年1月", "交了")
    assert "一次性创业补贴：看起来够条件" in said
    assert "岗位开发补贴：看起来够条件" in said
    assert "能不能一起拿，文件没写" in said
    assert "26000" not in said


def test_six_months_are_full_by_the_date_in_china() -> None:
    late = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)  # already the 21st there
    said = Talk(now=late).say(MAY_I, "没有", "2026-05-21", "2")
    assert "看起来够条件" in said


def test_who_had_a_licence_is_shown_projects_and_loans_instead() -> None:
    talk = Talk()
    talk.say(MAY_I, "办过")
    assert options(talk) == ["看项目", "创业担保贷款", "找人审核"]


# -- what the sentence already says


def test_what_was_said_is_not_asked_again() -> None:
    said = Talk().say("我第一次办执照，今年3月开的店，加我两个人，能领创业补贴吗")
    assert "看起来够条件" in said


def test_what_is_short_is_said_before_the_next_question() -> None:
    said = Talk().say("我开店三个月了能领一次性补贴不")
    assert said.startswith("现在还不够：大约到2027年2月满6个月。")
    assert said.endswith("以前办过营业执照没？（还有2问）")


# -- the talk


@pytest.mark.parametrize(
    ("text", "is_taken"),
    [
        (MAY_I, True),
        ("我够不够条件", True),
        ("看看够不够条件", True),
        ("帮我算算", True),
        ("我店开了半年，就我一个人，那个补贴能领不", True),
        ("我能贷款吗", True),
        ("一次性创业补贴要什么条件", False),
        ("我能贷多少", False),
        ("创业补贴怎么申请", False),
        ("我领补贴要带什么材料", False),
        ("我能参加培训吗", False),
        ("服务专员他能帮我弄贷款的事吗", False),
        ("我的信息", False),
        ("人工", False),
    ],
)
def test_only_questions_about_oneself_are_taken(text: str, is_taken: bool) -> None:
    assert Talk().takes(text) is is_taken


@pytest.mark.parametrize("word", ["人工", "停", "删除", "我的信息", "首页"])
def test_what_always_works_is_left_to_its_own_flow(word: str) -> None:
    talk = Talk()
    talk.say(MAY_I)
    assert not talk.takes(word)


@pytest.mark.parametrize("answer", ["1", "１", "一", "第一个", "选1", "没有", "没办过", "头一回"])
def test_numbers_words_and_turns_of_phrase_answer(answer: str) -> None:
    assert "执照哪年哪月办的" in Talk().say(MAY_I, answer)


def test_only_the_day_is_asked_where_the_month_leaves_it_open() -> None:
    talk = Talk()
    assert "几号办的" in talk.say(MAY_I, "没有", "今年5月")
    assert "连您在内几个人" in talk.say("21号")


def test_back_undoes_the_last_answer() -> None:
    said = Talk().say(MAY_I, "没有", "返回")
    assert "以前办过营业执照没" in said


def test_the_same_prompt_is_never_sent_three_times() -> None:
    talk = Talk()
    prompts_seen = [talk.say(text) for text in (MAY_I, "嗯嗯嗯", "嘿嘿", "哈哈")]
    assert len(set(prompts_seen)) == 4
    assert talk.state.step == "registered_on"


def test_a_question_in_between_is_answered_and_the_check_goes_on() -> None:
    said = Talk().say(MAY_I, "补贴要带啥材料")
    assert "没写一次性创业补贴要带什么材料" in said
    assert said.endswith("以前办过营业执照没？（还有3问）")


def test_what_nobody_can_tell_is_left_to_the_office() -> None:
    said = Talk().say(MAY_I, "说不清", "2020年", "3")
    assert "“初次办理注册登记”算不算" in said


def test_a_loan_is_offered_only_to_who_asks_for_money() -> None:
    talk = Talk(DINGTAO)
    assert not any(loan in o for o in labels(talk, "我够不够条件") for loan in LOANS)
    assert any("创业担保贷款" in o for o in labels(Talk(DINGTAO), "我缺本钱，看看够不够条件"))


def labels(talk: Talk, text: str) -> list[str]:
    talk.say(text)
    return [option.label for reply in talk.replies for option in reply.options]


def test_a_form_waits_beneath_and_comes_back() -> None:
    talk = Talk(state=State("registration", "intent", {"given": {"where_now": "away"}}))
    talk.say(MAY_I, "办过")
    assert (talk.state.flow, talk.state.step) == ("registration", "intent")
    assert talk.state.data == {"given": {"where_now": "away"}}


def test_answers_are_forgotten_when_they_can_no_longer_be_asked_about() -> None:
    talk = Talk()
    talk.say(MAY_I, "没有", "2026-05-21", "2")
    later = talk.now + FOLLOW_UP + timedelta(seconds=1)
    kept = str(recall.lately(talk.state, later).as_dict())
    assert not any(word in kept for word in ("first_registration", "headcount", "2026-05-21"))


@pytest.mark.parametrize("texts", [[MAY_I], [MAY_I, "办过"], [MAY_I, "没有", "2020年", "3"]])
def test_a_human_is_offered_with_every_message_and_told_what_it_is_about(texts: list[str]) -> None:
    talk = Talk()
    talk.say(*texts)
    assert "找人审核" in options(talk)
    (effect,) = talk.turn("找人审核").effects
    assert isinstance(effect, OpenTicket)
    assert effect.ticket.subject == "找人审核 一次性创业补贴"


# -- the record


def registered(**answers: object) -> Profile:
    return Profile("p", "fake:42", Status.CONFIRMED, Source.CHAT, YICHANG, answers)


LONG_OPEN = registered(biz_licence="yes", biz_months=24)


def test_a_registered_date_is_used_and_said() -> None:
    said = Talk(profiles=(LONG_OPEN,)).say(MAY_I, "没有", "3")
    assert "看起来够条件" in said
    assert "开了多久按您登记的算" in said


def test_on_a_shared_phone_no_record_is_used() -> None:
    said = Talk(profiles=(LONG_OPEN, registered())).say(MAY_I, "没有")
    assert "执照哪年哪月办的" in said


# -- every outcome is fit to read

EVERYBODY = [
    Facts(
        first_registration=is_first,
        registered_on=Days.of(since),
        headcount_incl_founder=heads,
        contracts_1y=heads - 1,
        entity_type=entity,
        social_insurance=insurance,
        loan_kind=LoanKind.PERSON,
        unsure=unsure,
    )
    for is_first, since, heads, entity, insurance, unsure in [
        (True, date(2026, 5, 21), 2, Entity.FIRM, Insurance.PAID, frozenset()),
        (True, date(2026, 9, 1), 1, Entity.SOLE, Insurance.NONE, frozenset()),
        (False, date(2020, 1, 1), 8, Entity.COOPERATIVE, Insurance.PARTLY, frozenset(ATTRIBUTES)),
        (True, date(2020, 1, 1), 1, Entity.NONE, Insurance.NONE, frozenset(ATTRIBUTES)),
    ]
]


def untitled(facts: Facts, policies: Sequence[Policy]) -> Facts:
    clauses = [clause for policy in policies for clause in policy.condition.clauses]
    return facts.but(not_recognised_as=frozenset(str(clause.value) for clause in clauses))


@pytest.mark.parametrize("facts", EVERYBODY)
@pytest.mark.parametrize("area", [YICHANG, DINGTAO, PUYANG])
def test_every_outcome_fits_two_short_messages_and_promises_nothing(
    area: str, facts: Facts
) -> None:
    library = answerer().library
    speaker = Speaker(library, facts, NOW, is_date_from_record=True)
    for matter in {entry.matter for entry in library.packs[area].entries}:
        policies = policies_of(library, area, [matter], TODAY)
        results = [check(policy, untitled(facts, policies), NOW) for policy in policies]
        messages = speaker.outcome(results) if results else []
        assert len(messages) <= prompts.MOST_REPLIES
        assert all(map(prompts.fits, messages))
        assert "恭喜" not in "".join(messages)


def test_after_an_answer_with_conditions_a_check_is_offered() -> None:
    walk = Walk(Store(), answerer=answerer())
    walk.all("我是定陶的", "个体户创业担保贷款最高多少")
    labels = [option.label for option in walk.last.replies[-1].options]
    assert "看看够不够条件" in labels
    assert len(labels) <= 5
    walk.say("看看够不够条件")
    assert "您办的是哪一种" in walk.said()


def test_a_place_without_conditions_offers_no_check() -> None:
    walk = Walk(Store(), answerer=answerer())
    walk.all("我是湘潭的", "返乡创业服务站什么时候建好")
    labels = [option.label for option in walk.last.replies[-1].options]
    assert "看看够不够条件" not in labels


def test_the_check_is_for_the_place_that_was_just_told_of() -> None:
    walk = Walk(Store(), answerer=answerer())
    walk.all("宜昌创业补贴有啥条件", "看看够不够条件")
    assert "以前办过营业执照没" in walk.said()
    assert "area" not in walk.state.memory
