"""Danger and fraud: answered at once, at every step, also while a human is in the talk."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from handlers import commands, hearing, human_help
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.effects import AddToTicket, FlagTicket, OpenTicket
from handlers.texts import say
from records.messages import Inbound
from records.tickets import TicketKind

_AGAIN = timedelta(hours=12)  # one ticket for one story
_CARE = timedelta(hours=1)  # in which what follows is heard as part of it
_DESPAIR = re.compile(
    r"不想活|想死|自杀|自尽|轻生|寻短见|跳楼|跳河|喝农药|活不下去|活着没意思|活着没劲|没有?活路|撑不下去|熬不下去|了结自己|割腕"
)
_EMERGENCY = re.compile(
    r"救命|着火了|起火了|失火|出人命|被绑架|(?:有人|老公|老婆|丈夫|男人|女人|对象|爸|妈|爹|娘|婆婆|公公|儿子)(?:又|老|总|天天|在|要)?(?:打|砍|捅|追|揍)我(?!电话|手机)|家暴|煤气中毒|中毒了|晕倒了|昏倒了|"
    r"(?:不让|不准|不许)我(?:走|离开|回家)|被(?:骗|关)(?:进|到|在)传销|扣(?:了|着)我的?(?:身份证|手机)"
)
_WHO = (
    r"(?:有人|有个人|中介|那人|那个人|他们?|她们?|对方|客服|老师|专员|公司|熟人|老乡|"
    r"网上|电话里|自称|说是|让我|叫我|要我|喊我)"
)
_FEE = (
    r"(?:收|交|给|转|打|付|要)(?:了|我|他|她|点|个|先)*\s*(?:[\d一二三四五六七八九十百千万两几]+\s*"
    r"(?:块|元|百|千|万|个点|%)|钱|费|押金|保证金|手续费|好处费|辛苦费|服务费|代办费|定金|解冻)"
)
_AIM = r"(?:补贴|补助|贷款|办|申请|名额|指标|登记|领)"
_SCAM = re.compile(
    rf"{_WHO}.{{0,12}}{_FEE}.{{0,12}}{_AIM}|{_WHO}.{{0,12}}{_AIM}.{{0,12}}{_FEE}|"
    rf"{_WHO}.{{0,10}}(?:要|报|发|给|念).{{0,6}}(?:验证码|银行卡密码|卡号密码)|"
    r"(?:我|被|遭).{0,4}(?:骗了|被骗|上当)|(?:遇到|碰到|遇上|碰上)了?(?:个)?骗子|诈骗(?:电话|短信|分子)"
)


class Alarms:
    """Emergencies to 110 and 120, scams to the county."""

    name = "alarms"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        return _kind(message.text) is not None or _still_in_despair(message, state, scene)

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        kind = _kind(message.text)
        if kind is None:
            heard = (AddToTicket(scene.ticket, message.text),) if scene.ticket else ()
            return Turn((Reply(say("alarm.despair_again"), kind="notice"),), state, heard)
        turn = _raised(message.text, kind, state, scene)
        replies = turn.replies
        if kind is TicketKind.DANGER:
            is_despair = bool(_DESPAIR.search(message.text))
            text = say("alarm.despair") if is_despair else say("alarm.emergency")
            if is_despair:
                in_despair = turn.state.remember(despair=scene.now.isoformat())
                turn = Turn(turn.replies, in_despair, turn.effects)
            replies = (Reply(text, kind="notice"),)
        heard = (AddToTicket(scene.ticket, message.text),) if scene.ticket else ()
        return Turn(replies, turn.state, (*turn.effects, *heard))


def is_alarm(text: str) -> bool:
    """Whether a message must not wait."""
    return _kind(text) is not None


def _still_in_despair(message: Inbound, state: State, scene: Scene) -> bool:
    """Whether somebody who spoke of dying goes on talking of it: no small talk then."""
    said = message.text
    is_other = commands.of(said) or hearing.asks(said) or hearing.concerns(said)
    is_reply = hearing.numbers(said) or state.flow == "erasure"
    return (
        not is_other
        and not is_reply
        and _is_recent(state.memory.get("despair", ""), scene.now, _CARE)
    )


def _kind(text: str) -> TicketKind | None:
    said = hearing.core(text)
    if _DESPAIR.search(said) or _EMERGENCY.search(said):
        return TicketKind.DANGER
    return TicketKind.SCAM if _SCAM.search(said) else None


def _raised(text: str, kind: TicketKind, state: State, scene: Scene) -> Turn:
    """The warning, and a flagged ticket unless one was raised for the same story."""
    last = state.memory.get("alarms", {}).get(kind.value, "")
    alarms = {**state.memory.get("alarms", {}), kind.value: scene.now.isoformat()}
    if scene.ticket:  # staff is in the talk already: there it must be seen
        reply = Reply(say("alarm.scam", number=scene.ticket), kind="notice")
        return Turn((reply,), state.remember(alarms=alarms), (FlagTicket(scene.ticket),))
    if _is_recent(last, scene.now):
        return Turn((Reply(say("alarm.scam_again"), kind="notice"),), state)
    ticket = human_help.a_ticket(kind, text, state, scene, is_flagged=True)
    reply = Reply(say("alarm.scam", number=ticket.number), kind="notice")
    return Turn((reply,), state.remember(alarms=alarms), (OpenTicket(ticket),))


def _is_recent(at: str, now: datetime, span: timedelta = _AGAIN) -> bool:
    return bool(at) and now - datetime.fromisoformat(at) < span
