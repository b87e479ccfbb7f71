"""Whatever strangers type: without the code, or number and name, nothing of anybody is seen."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from records import people
from records.account_links import AccountLink, LinkTry
from records.database import Session
from tests.handlers.support.talks import registered
from tests.handlers.support.walk import Walk

OWN = ("老王", "花桥村", "13900001234", "泉塘")
GUESSES = st.one_of(
    st.integers(0, 999_999).map(lambda number: f"绑定 {number:06}"),
    st.integers(0, 9_999).filter(lambda n: n != 1234).map(lambda number: f"{number:04} 老王"),
    st.sampled_from(["1234 王", "1234 老李", "1234", "老张", "尾号1234", "13900001234"]),
)
SAID = st.sampled_from(
    [
        *("绑定", "解绑", "继续", "我的信息", "导出", "删除", "登记", "同意", "退出", "停"),
        *("我在别的地方登记过", "换手机了", "返回", "是", "不是", "1", "2", "3", "改电话", "更多"),
    ]
)
# After these another proof is asked for, or there is nothing to delete.
UNDOING = ("解绑", "登记", "退出", "改电话")
FEW = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


def _shown(walk: Walk) -> str:
    """The code on the owner's account, so that no guess of a test may happen to hit it."""
    walk.say("绑定")
    return walk.said().split("绑定码 ")[1][:6]


def _links(session: Session) -> list[AccountLink]:
    return list(session.execute(select(AccountLink)).scalars())


@FEW
@given(st.lists(st.one_of(GUESSES, SAID), max_size=25))
def test_guessing_never_links_nor_shows_anything(talk: list[str]) -> None:
    home = registered()
    code = _shown(home)
    stranger = Walk(store=home.store, chat="w1", channel="webchat", now=home.now)
    for text in talk:
        if code not in text:
            stranger.say(text)
            assert not any(word in stranger.said() for word in OWN)
    assert not {p.id for p in stranger.profiles()} & {p.id for p in home.profiles()}


@FEW
@given(st.lists(SAID, max_size=12), st.booleans())
def test_after_a_deletion_nothing_is_left_on_either(talk: list[str], is_web: bool) -> None:
    home = registered()
    code = _shown(home)
    web = Walk(store=home.store, chat="w1", channel="webchat", now=home.now)
    web.say(f"绑定 {code}")
    leaving = web if is_web else home
    for text in (each for each in talk if each not in UNDOING):
        leaving.say(text)
    for text in ("返回", "返回", "删除", "1234", "1234"):
        leaving.say(text)
    assert (home.profiles(), web.profiles()) == ((), ())
    assert home.store.run(_links) == []
    assert home.store.run(lambda s: list(s.execute(select(people.Person)).scalars())) == []


@FEW
@given(st.lists(GUESSES, min_size=6, max_size=12))
def test_whoever_guesses_is_made_to_wait(talk: list[str]) -> None:
    home = registered()
    code = _shown(home)
    stranger = Walk(store=home.store, chat="w1", channel="webchat", now=home.now)
    codes = [text for text in talk if text.startswith("绑定") and code not in text]
    stranger.all(*codes)
    failed = home.store.run(lambda s: list(s.execute(select(LinkTry)).scalars()))
    counted = {row.who: row.failed for row in failed}
    assert counted.get("webchat:w1", 0) == min(len(codes), 5)
