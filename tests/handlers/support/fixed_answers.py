"""Knowledge for talk tests: a few answers that never change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from knowledge.answer import Answer, Answerer, Choice, Decision, Topic
from knowledge.library import load_library
from knowledge.shelf import Library

LOAN = (
    "最高10万元，按文件是两年。\n"
    "依据：菏定政办发〔2017〕38号，2017年12月21日，区人社局，电话待补。"
)
DETAIL = "条件：在定陶区创业。\n要带：身份证、营业执照。\n去哪办：区人社局。"
SILENT = "宜昌的文件没写补贴给多少钱。可以问市人社局，电话待补。"
CHOICES = (Choice("个人", "个人贷款最高多少"), Choice("小微企业", "企业贷款最高多少"))
_DINGTAO, _YICHANG = "371703", "420500"


class FixedAnswers(Answerer):
    """Knows a loan in 定陶, a subsidy that 宜昌 does not state, and little else."""

    def __init__(self) -> None:
        pass

    @property
    def library(self) -> Library:
        return _shipped()

    def answer(
        self,
        question: str,
        *,
        area: str | None = None,
        prev: Sequence[str] = (),
        topic: Topic | None = None,
        now: datetime,
    ) -> Answer:
        if question == "详细" and topic and topic.told:
            return Answer(Decision.ANSWER, DETAIL, entries=("dingtao-loan",), topic=topic)
        if "定陶" in question:
            area = _DINGTAO
        if "宜昌" in question:
            area = _YICHANG
        for words, answer in _ANSWERS:
            if any(word in question for word in words):
                return _placed(answer, area)
        return Answer(Decision.UNKNOWN, "这个我没查到。", score=0.1)


def _placed(answer: Answer, area: str | None) -> Answer:
    needs_place = answer.decision in (Decision.ANSWER, Decision.NOT_STATED)
    if needs_place and not area:
        return Answer(Decision.CLARIFY, "您老家是哪个县？", score=0.9, missing_area=True)
    return answer


@cache
def shipped_answerer() -> Answerer:
    """Answers from the shipped packs, indexed once."""
    return Answerer(_shipped())


@cache
def _shipped() -> Library:
    return load_library()


_ANSWERS = (
    (
        ("天气", "彩票"),
        Answer(Decision.OUT_OF_SCOPE, "这个我帮不上。", entries=("common-out",), score=0.9),
    ),
    (
        ("你好", "谢谢"),
        Answer(Decision.SMALLTALK, "您好，有啥要问的？", entries=("talk",), score=0.9),
    ),
    (("补贴",), Answer(Decision.NOT_STATED, SILENT, score=0.9, topic=Topic(_YICHANG, "补贴"))),
    (("哪种贷款",), Answer(Decision.CLARIFY, "您问的是哪一种？", CHOICES, score=0.7)),
    (
        ("贷款", "贷多少", "条件", "项目", "培训"),
        Answer(
            Decision.ANSWER,
            LOAN,
            entries=("dingtao-loan",),
            score=0.9,
            topic=Topic(_DINGTAO, "贷款", told="dingtao-loan"),
            detail=DETAIL,
        ),
    ),
    (("真人",), Answer(Decision.HUMAN, "好。", entries=("common-human",), score=0.9)),
)
