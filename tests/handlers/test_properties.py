"""Whatever people send: no crash, no long or repeated message, no personal row without a yes."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from handlers.dialogue import Reply
from handlers.prompts import LONGEST, MOST_LINES, MOST_REPLIES, fits, is_short
from handlers.texts import table
from records.consents import CORE, Consent
from records.database import Session
from records.messages import InboundKind
from records.people import Person, Source, Status
from tests.handlers.support.talks import LEFT_FOR, REGISTERED, SECOND
from tests.handlers.support.walk import Walk

WORDS = [word for words in table("words")["commands"].values() for word in words]
SAID = [
    *REGISTERED,
    *SECOND,
    *LEFT_FOR,
    *"0123456789",
    *("25", "改3", "改9", "定陶", "湖南", "半年", "对", "不对", "同意", "不同意", "都对", "1234"),
    *("贷款要啥条件", "补贴多少钱", "哪种贷款", "天气", "qwerty", "我15岁", "店亏了", "不想活了"),
    *("真人", "有人收500块帮我办补贴", "「身份证号已隐去」", "😀", ""),
]
OTHERS = [InboundKind.VOICE, InboundKind.PICTURE, InboundKind.START, InboundKind.CONTACT]
MESSAGES = st.one_of(
    st.sampled_from(SAID).map(lambda text: ("text", text)),
    st.sampled_from(WORDS).map(lambda text: ("text", text)),
    st.text(max_size=60).map(lambda text: ("text", text)),
    st.sampled_from(OTHERS).map(lambda kind: (kind.value, "13900001234")),
    st.integers(0, 9).map(lambda number: ("tap", str(number))),
    st.sampled_from([2, 30, 800]).map(lambda hours: ("wait", str(hours))),
)
FEW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def _step(walk: Walk, how: str, text: str) -> tuple[Reply, ...]:
    options = [option for reply in walk.last.replies for option in reply.options]
    if how == "wait":
        walk.wait(hours=float(text))
        return ()
    if how == "tap":
        value = options[int(text) % len(options)].value if options else text
        return walk.say(value, InboundKind.OPTION if options else InboundKind.TEXT)
    return walk.say(text, InboundKind(how))


def _is_short_enough(reply: Reply) -> bool:
    if reply.kind == "file":
        return True
    return is_short(reply.text) if reply.kind == "answer" else fits(reply.text)


def _unconsented(session: Session) -> list[str]:
    agreed = set(
        session.execute(
            select(Consent.person_id).where(Consent.kind == CORE, Consent.given)  # type: ignore
        ).scalars()
    )
    people = session.execute(select(Person)).scalars()
    return [
        person.id
        for person in people
        if person.id not in agreed
        and not (person.status == Status.PENDING and person.source == Source.PROXY)
    ]


@FEW
@given(st.lists(MESSAGES, min_size=10, max_size=60))
def test_random_talk_keeps_the_rules(talk: list[tuple[str, str]]) -> None:
    walk = Walk()
    said: list[str] = []
    for how, text in talk:
        replies = _step(walk, how, text)
        assert len(replies) <= MOST_REPLIES
        assert all(_is_short_enough(reply) for reply in replies), (LONGEST, MOST_LINES)
        is_progress = any(r.kind in ("answer", "notice", "file") for r in replies)
        said = [] if is_progress else [*said, *(reply.text for reply in replies[-1:])]
        assert len(said) < 3 or len(set(said[-3:])) > 1


@FEW
@given(st.lists(MESSAGES, max_size=20), st.lists(MESSAGES, max_size=20))
def test_nobody_is_stored_without_their_yes(
    before: list[tuple[str, str]], after: list[tuple[str, str]]
) -> None:
    walk = Walk()
    for how, text in [*before, *(("text", text) for text in REGISTERED), *after]:
        _step(walk, how, text)
        assert walk.store.run(_unconsented) == []


@FEW
@given(st.lists(MESSAGES, min_size=5, max_size=40))
def test_a_group_never_learns_anything_personal(talk: list[tuple[str, str]]) -> None:
    walk = Walk(is_group=True)
    for how, text in talk:
        _step(walk, how, text)
        assert walk.profiles() == ()
        assert "13900001234" not in walk.said()


@FEW
@given(st.lists(MESSAGES, max_size=30))
def test_deleting_always_leaves_nothing(talk: list[tuple[str, str]]) -> None:
    walk = Walk()
    for how, text in talk:
        _step(walk, how, text)
    walk.all("返回", "返回", "退出", "删除", "确认删除", "返回")
    for profile in walk.profiles():
        walk.all("删除", profile.nickname or "1", profile.phone[-4:], "确认删除")
    assert all(not p.phone for p in walk.profiles())
