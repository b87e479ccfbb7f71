"""查ACDEFGH in chat: by anybody, also a stranger to whom a message was passed on."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update

from outreach.genuine import SIGNED, of_campaign
from records import message_codes, outbox, tickets
from records.campaigns import CampaignText
from records.database import Session
from records.messages import Priority
from records.outbox import NewOutgoing, OutboxRow
from tests.handlers.support.walk import START, Walk
from tests.outreach.test_genuine import _campaign as a_campaign


def _walk() -> tuple[Walk, str, str]:
    """A stranger; the code of a campaign and that of a message for one person."""
    walk = Walk(is_new=False)

    def work(session: Session) -> str:
        number = a_campaign(session)
        code = of_campaign(walk.store.vault, number)
        message_codes.note(session, {code: number, "ACDEFGH": 0}, START)
        return code

    return walk, walk.store.run(work), "ACDEFGH"


@pytest.mark.parametrize("said", ["查{0}", "查 {0}", "帮我查一下{0}", "核实{0}吗", "查真假 {0}"])
def test_a_stranger_learns_what_everybody_was_told(said: str) -> None:
    walk, code, _ = _walk()
    walk.say(said.format(code.lower()))
    assert "是我们11月21日发的" in walk.said()
    assert "腊月廿三" in walk.said()
    assert len(walk.said()) <= 90


def test_of_what_one_person_got_only_that_it_is_ours() -> None:
    walk, _, code = _walk()
    walk.say(f"查{code}")
    assert "是我们11月21日发给一个人的" in walk.said()


@pytest.mark.parametrize("said", ["查AAAAAAA", "查8K3F", "查12345678", "核对这条：查8K3F7QT"])
def test_a_wrong_code_warns(said: str) -> None:
    walk, _, _ = _walk()
    walk.say(said)
    assert "不是我们发的" in walk.said()
    assert "96110" in walk.said()


def test_after_five_wrong_ones_even_a_right_one_waits() -> None:
    walk, code, _ = _walk()
    walk.all(*["查AAAAAAA"] * 5)
    walk.say(f"查{code}")
    assert "过1小时再查" in walk.said()
    walk.wait(hours=1, minutes=1)
    walk.say(f"查{code}")
    assert "是我们" in walk.said()


FAKE = "老乡，腊月廿三上午在镇政府有座谈会，讲贷款怎么办。先交500元报名费，加微信butie888"


A_TEXT = "{称呼|老乡}，{镇|镇里}的服务台摆出来了，想问贷款的来坐坐。"
B_TEXT = "{称呼|老乡}，过年回来坐坐？讲补贴一万元怎么领，有事直接回我。"
OWN = "李姐，冉堌镇的服务台摆出来了，想问贷款的来坐坐。\n不想收了回“停”。"


def _of_two(own: str = "", state: str = "sent", **more: str) -> tuple[Walk, str]:
    """A campaign of several wordings, of which this account got its own words, or nothing."""
    walk = Walk(is_new=False)

    def work(session: Session) -> str:
        number = a_campaign(session)
        session.execute(delete(CampaignText))
        for variant, channel, text in (
            ("A", "", A_TEXT),
            ("B", "", B_TEXT),
            ("A", "wecom_kf", "服务台在老车站南边，初六到初九都有人。"),
        ):
            session.add(
                CampaignText(campaign_id=number, variant=variant, channel=channel, text=text)
            )
        code = of_campaign(walk.store.vault, number)
        message_codes.note(session, {code: number}, START)
        if own:
            _left(session, walk, f"camp/{number}/p1", own, state=state, **more)
        return code

    return walk, walk.store.run(work)


def _left(
    session: Session, walk: Walk, key: str, text: str, *, state: str = "sent", **more: str
) -> None:
    content = {"text": text, "options": [], "kind": "notice", "extra": {}, **more}
    sealed = walk.store.vault.seal(content)
    outbox.enqueue(
        session,
        [NewOutgoing("telegram", walk.chat, key, sealed, START, Priority.BULK.value)],
    )
    mine = update(OutboxRow).where(OutboxRow.__table__.c.dedupe_key == key)  # type: ignore[attr-defined]
    session.execute(mine.values(state=state, settled_at=START))


@pytest.mark.parametrize("own", [OWN, "测试戊一，过年回来坐坐？讲补贴一万元怎么领。"])
@pytest.mark.parametrize("state", ["sent", "merged"])
def test_who_got_it_hears_their_own_words(own: str, state: str) -> None:
    walk, code = _of_two(own, state)
    walk.say(f"查{code}")
    assert own[:10] in walk.said()
    assert "不想收了" not in walk.said()
    assert len(walk.said()) <= 90


def test_doubt_right_after_it_is_answered_in_their_own_words() -> None:
    walk, code = _of_two()
    walk.store.run(lambda s: _left(s, walk, "camp/1/p1", OWN, **{SIGNED: code}))
    walk.say("真的吗")
    assert "李姐，冉堌镇的服务台" in walk.said()


def test_who_did_not_get_it_hears_that_it_reads_in_several_ways() -> None:
    walk, code = _of_two()
    walk.say(f"查{code}")
    assert "说法不一样" in walk.said()
    assert "老乡，镇里的" in walk.said()
    assert "内容不一样的是假的" not in walk.said()
    assert len(walk.said()) <= 90


TRUE = (
    "老乡，镇里的服务台摆出来了，想问贷款的来坐坐。",
    "王哥，过年回来坐坐？讲补贴一万元怎么领，有事直接回我。",
    "服务台在老车站南边，初六到初九都有人。\n不想收了回“停”。",
)


@pytest.mark.parametrize("own", ["", OWN])
@pytest.mark.parametrize("text", TRUE)
def test_every_wording_passed_on_is_ours(text: str, own: str) -> None:
    walk, code = _of_two(own)
    walk.say(f"{text}\n核对这条：查{code}")
    assert "跟我们发的一样" in walk.said()


@pytest.mark.parametrize(
    ("text", "answer"), [("李姐，今年回来吗？", "一样"), ("快来镇政府领钱，好多", "话不是")]
)
def test_a_short_wording_is_known_by_its_code(text: str, answer: str) -> None:
    walk, code = _of_two()
    short = update(CampaignText).where(CampaignText.channel == "wecom_kf")  # type: ignore[arg-type]
    walk.store.run(lambda s: s.execute(short.values(text="{称呼|老乡}，今年回来吗？")))
    walk.say(f"{text}\n不想收了回“停”。\n核对这条：查{code}")
    assert answer in walk.said()


@pytest.mark.parametrize("tail", ["", "核对这条：查{0}"])
def test_a_fake_of_any_wording_is_told_beside_that_wording(tail: str) -> None:
    walk, code = _of_two(OWN)
    walk.say(f"老乡，过年回来坐坐？讲补贴一万元怎么领，先转500块。{tail.format(code)}")
    assert "冒充" in walk.said()
    assert "过年回来坐坐" in walk.said()


def test_a_message_to_one_alone_is_told_to_that_one() -> None:
    walk, _ = _of_two()
    more = {SIGNED: "ACDEFGH"}
    walk.store.run(lambda s: message_codes.note(s, {"ACDEFGH": 0}, START))
    walk.store.run(lambda s: _left(s, walk, "gap/1", "您问的贷款有答案了。", **more))
    walk.say("查ACDEFGH")
    assert "您问的贷款有答案了" in walk.said()


@pytest.mark.parametrize("tail", ["", "\n核对这条：查{0}"])
def test_a_look_alike_is_answered_with_what_we_said_and_flagged(tail: str) -> None:
    walk, code, _ = _walk()
    walk.say(FAKE + tail.format(code))
    assert "冒充" in walk.said()
    assert "讲贷款怎么办" in walk.said()
    (found,) = walk.store.run(lambda s: tickets.raised_in(s, walk.account))
    assert found.is_flagged


def test_a_true_copy_is_ours() -> None:
    walk, code, _ = _walk()
    walk.say(f"李姐，腊月廿三上午在镇政府有座谈会，讲贷款怎么办。核对这条：查{code}")
    assert "跟我们发的一样" in walk.said()


@pytest.mark.parametrize("said", ["查政策", "查我的信息", "查一下贷款", "我想核实一下政策"])
def test_other_looking_up_is_no_check(said: str) -> None:
    walk, _, _ = _walk()
    walk.say(said)
    assert "不是我们发的" not in walk.said()


def _pushed(walk: Walk) -> None:
    """They got a message from us this morning."""
    content = {"text": "您问的贷款有答案了。", "options": [], "kind": "notice", "extra": {}}
    sealed = walk.store.vault.seal({**content, SIGNED: "ACDEFGH"})
    new = NewOutgoing("telegram", "42", "gap/1", sealed, START, Priority.BULK.value)

    def work(session: Session) -> None:
        outbox.enqueue(session, [new])
        session.execute(update(OutboxRow).values(state="sent", settled_at=START))

    walk.store.run(work)


def test_who_asks_whose_it_is_hears_what_we_sent_them_last() -> None:
    walk = Walk(is_new=False)
    _pushed(walk)
    walk.all("你好", "昨天收到的短信是你们发的吗")
    assert "您问的贷款有答案了" in walk.said()
    assert "ACDEFGH" in walk.said()
    assert len(walk.said()) <= 90


@pytest.mark.parametrize("number", [0, 1])
def test_a_lure_that_bears_a_code_of_ours_is_no_message_of_ours(number: int) -> None:
    walk, *codes = _walk()
    text = "人社局通知：返乡创业补贴下来了，请点击 http://lingqu.top 填银行卡。核对这条：查"
    walk.say(f"{text}{codes[number]}")
    assert "不是我们发的" in walk.said()
    assert "已报县里" in walk.said()


def test_other_words_with_a_code_of_ours_are_told_what_we_said() -> None:
    walk, code, _ = _walk()
    walk.say(f"明天上午八点在村口集合，统一坐车去县里看项目，别迟到。核对这条：查{code}")
    assert "内容不一样的是假的" in walk.said()
    assert "腊月廿三" in walk.said()
