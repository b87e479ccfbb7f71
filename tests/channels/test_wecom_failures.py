"""Every code of WeCom is one trouble, and every trouble has a meaning for a message."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from channels.base import FailureKind
from channels.wecom.failures import CODES, Trouble, WecomError, advice, trouble_of

ROOT = Path(__file__).parents[2]
K, T = FailureKind, Trouble

# What to do, by code, as the design has it: 9.1 first, then what 9.2 adds.
BY_CLASS = {
    T.BUSY: (-1, 45033, 41063, 41096, 6000),
    T.TOKEN: (40014, 42001, 41001, 40001),
    T.CREDENTIALS: (40013, 40091, 41002, 41004, 853000),
    T.TOO_FAST: (45009,),
    T.CONFIGURATION: (
        *(60020, 48002, 48007, 40056, 301002, 50001, 50003, 60011, 60031, 95017, 95023, 95011),
        *(95012, 95032, 301007, 40057, 48001, 60021, 60251, 60252, 60253, 84074, 84083, 85010),
        *(85011, 93000, 93004, 93006, 93008, 95000, 95004, 95005, 95014, 95019, 95021, 95026),
        *(95027, 40126, 86003, 846609),
    ),
    T.RECIPIENT: (40003, 46004, 60111, 81013, 84061, 84084, 40096, 41048, 43004, 86001),
    T.CUSTOMER: (95001, 95002, 95003, 95013, 95016, 95018, 95031),
    T.CONTENT: (
        *(40008, 40033, 40035, 40058, 40063, 40201, 40204, 40206, 44004, 45002, 45007, 45008),
        *(82004, 95008, 95009, 95030, 95006, 95022, 40016, 40021, 40027, 40031, 40032, 40054),
        *(40055, 40066, 40068, 60123, 81012, 81017, 82001, 90500, 90511),
    ),
    T.MEDIA: (40004, 40005, 40006, 40007, 40009, 40011, 40123, 45001, 830001, 830002, 830003),
    T.SPENT: (41050, 41051, 60140, 95007, 41093, 41094, 846604, 846605, 846608),
}
PAIRS = [(code, trouble) for trouble, codes in BY_CLASS.items() for code in codes]


@pytest.mark.parametrize(("code", "trouble"), PAIRS)
def test_a_code_is_one_trouble(code: int, trouble: Trouble) -> None:
    assert trouble_of(code, "kf/send_msg") is trouble


def test_no_code_is_listed_twice() -> None:
    listed = Counter(
        code
        for codes in CODES.values()
        for each in codes
        for code in (each if isinstance(each, range) else (each,))
    )
    assert [code for code, times in listed.items() if times > 1] == []


@pytest.mark.parametrize("code", [40001, 40013, 40091, 41002, 41004])
def test_where_a_token_is_asked_for_it_is_the_credentials(code: int) -> None:
    assert trouble_of(code, "gettoken") is T.CREDENTIALS


def test_an_unknown_code_is_a_refusal_that_is_not_repeated() -> None:
    error = WecomError(987654, "kf/send_msg")
    assert error.trouble is T.UNKNOWN
    assert not error.as_failure().kind.may_retry


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (45033, K.THROTTLED),
        (45009, K.THROTTLED),
        (-1, K.UNCERTAIN),
        (40014, K.MISCONFIGURED),
        (40013, K.MISCONFIGURED),
        (60020, K.MISCONFIGURED),
        (40003, K.BAD_ADDRESS),
        (84061, K.BLOCKED_BY_PERSON),
        (95001, K.NOT_NOW),
        (95018, K.NOT_NOW),
        (40201, K.REJECTED),
        (45002, K.TOO_LONG),
        (40206, K.TOO_LONG),
        (40007, K.REJECTED),
        (60140, K.REJECTED),
    ],
)
def test_a_code_means_for_a_message(code: int, kind: FailureKind) -> None:
    failure = WecomError(code, "kf/send_msg").as_failure()
    assert failure.kind is kind
    assert (failure.retry_after is not None) is (kind is K.THROTTLED)


@pytest.mark.parametrize("trouble", [T.NO_ANSWER, T.UNREADABLE])
def test_what_may_have_been_done_is_repeated_only_where_that_is_known(trouble: Trouble) -> None:
    error = WecomError(0, "kf/send_msg", trouble=trouble)
    assert error.as_failure().kind in {K.UNCERTAIN, K.UNREADABLE_ANSWER}
    error.may_repeat = True
    assert error.as_failure().kind is K.REPEATABLE


@pytest.mark.parametrize(("code", "trouble"), [(45009, T.TOO_FAST), (0, T.NOT_SENT)])
def test_a_doubt_is_not_forgotten_when_the_repetition_never_left(
    code: int, trouble: Trouble
) -> None:
    error = WecomError(code, "kf/send_msg", trouble=trouble)
    error.may_repeat = error.after_doubt = True
    assert error.as_failure().kind is K.REPEATABLE


def test_our_own_address_is_told_and_nothing_else_of_its_words() -> None:
    said = "not allow to access, hint: [a secret], from ip: 203.0.113.9, more info at …"
    sentence = advice(WecomError(60020, "kf/send_msg", said=said), "X")
    assert "203.0.113.9" in sentence
    assert "a secret" not in sentence


@pytest.mark.parametrize(
    ("code", "stops_all"), [(60020, True), (50003, True), (60011, False), (95019, False)]
)
def test_one_person_s_refusal_stops_no_channel(code: int, stops_all: bool) -> None:
    assert WecomError(code, "message/send").stops_all is stops_all


@pytest.mark.parametrize("code", [*range(40000, 41100), 60020, 93000, 95000, 95017, 123456])
def test_every_refusal_has_a_sentence_for_operators(code: int) -> None:
    assert f"(code {code}): " in advice(WecomError(code, "kf/send_msg"), "X") or code in {
        *BY_CLASS[T.CREDENTIALS]
    }


@pytest.mark.parametrize("trouble", Trouble, ids=lambda trouble: trouble.word)
def test_each_trouble_is_in_the_reference(trouble: Trouble) -> None:
    page = (ROOT / "docs/reference/wecom-calls.md").read_text(encoding="utf-8")
    assert f"`{trouble.word}`" in page
