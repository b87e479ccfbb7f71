"""活动推送, 看推送 3, 试发推送 3, 同意 3, 暂停推送 3, 停止推送 3, 推送情况 3, 推送效果 3."""

from __future__ import annotations

from handlers import frames, hearing
from handlers.campaigns.effects import MoveCampaign, SeeCampaign, TryCampaign
from handlers.campaigns.seen import FLOW, Item, Named
from handlers.campaigns.words import Came, Do, Look, Standing, Try, Wish, asks_which, wish_of
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.human_help import TYPED
from handlers.texts import say, say_of
from outreach.campaigns.states import Act
from records import rights
from records.campaigns import CampaignState
from records.messages import Inbound, Option
from records.rights import Right
from records.staff_accounts import Staff

_AGREE, _SEND_BACK, _LEAVE = 1, 2, 0
_YES, _NO = frozenset({"同意", "确认", "是"}), frozenset({"不同意", "退回", "不"})


class CampaignDesk:
    """Campaigns for the staff of a county, and a town's own for its staff."""

    name = FLOW

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        staff, wish = scene.counter.staff, _wish(message)
        if staff is None or message.is_group:
            return False
        if not rights.may(staff, Right.CAMPAIGNS):
            return wish is not None and _hears_why(staff, wish)
        if asks_which(wish):
            return bool(scene.campaigns.which)
        return wish is not None or _answer(message, state) is not None

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        staff, wish, left = scene.counter.staff, _wish(message), frames.leave(state)
        assert staff is not None
        if wish is None:
            return _decided(_answer(message, state), state, scene, staff.name)
        if isinstance(wish, Look) and not wish.number:
            return _told(_listed(scene.campaigns.items, scene.campaigns.more), left)
        if isinstance(wish, Do) and asks_which(wish):
            return _told(_which(wish, scene.campaigns.which), left)
        named = scene.campaigns.named
        if named is None:
            return _told(_unknown(wish), left)
        if isinstance(wish, Try):
            return _tried(named, left, staff.name, scene.office.name)
        return _of_one(wish, named, state, staff.name)


def _of_one(wish: Wish, named: Named, state: State, by: str) -> Turn:
    left = frames.leave(state)
    if isinstance(wish, Look):
        is_waiting = named.state is CampaignState.SUBMITTED
        effects = (SeeCampaign(named.number, by),) if is_waiting else ()
        return Turn((Reply("\n".join(named.shown), kind="staff"),), left, effects)
    if isinstance(wish, Standing | Came):
        return _told("\n".join(named.standing), left)
    assert isinstance(wish, Do)
    if wish.act is Act.APPROVE:
        return _asked(named, state, by)
    if named.fault:
        return _told(named.fault, left)
    effect = MoveCampaign(wish.act, named.number, by, wish.why)
    text = _done(wish.act, named.number)
    return Turn((Reply(text, kind="notice"),), left, (effect,))


def _tried(named: Named, left: State, by: str, office: str) -> Turn:
    if named.fault:
        return _told(named.fault, left)
    effect = TryCampaign(named.number, by, office)
    return Turn((Reply(say("push_desk.tried"), kind="staff"),), left, (effect,))


def _asked(named: Named, state: State, by: str) -> Turn:
    """Show it whole, and ask; that they saw it is noted."""
    if named.unseen:
        return _told(named.unseen, frames.leave(state))
    shown = Reply("\n".join(named.shown), kind="staff")
    ways = (Option("同意", "1"), Option("退回去改", "2"))
    ask = Reply(say("push_desk.ask"), ways, kind="staff")
    after = frames.enter(state, FLOW, "agree", number=named.number, digest=named.digest)
    return Turn((shown, ask), after, (SeeCampaign(named.number, by),))


def _decided(answer: int | None, state: State, scene: Scene, by: str) -> Turn:
    number, named = int(state.data["number"]), scene.campaigns.named
    left = frames.leave(state)
    if answer == _LEAVE:
        return _told(say("push_desk.left", number=number), left)
    if named is None or named.digest != state.data["digest"]:
        return _told(say("push_desk.changed", number=number), left)
    if answer == _SEND_BACK:
        text, act = _done(Act.REFUSE, number), Act.REFUSE
    elif named.fault:
        return _told(named.fault, left)
    else:
        text, act = say("push_desk.approved", number=number), Act.APPROVE
    return Turn((Reply(text, kind="notice"),), left, (MoveCampaign(act, number, by),))


def _wish(message: Inbound) -> Wish | None:
    return wish_of(message.extra.get(TYPED) or message.text)


def _answer(message: Inbound, state: State) -> int | None:
    """What they decide on the campaign that they were shown; None where it is something else."""
    if state.flow != FLOW:
        return None
    said, numbers = hearing.core(message.text), hearing.numbers(message.text)
    if said in _YES or numbers == (_AGREE,):
        return _AGREE
    if said in _NO or numbers == (_SEND_BACK,):
        return _SEND_BACK
    return _LEAVE if numbers == (_LEAVE,) else None


def _unknown(wish: Wish) -> str:
    if isinstance(wish, Do) and wish.event:
        return say("push_desk.no_invitation", number=wish.event)
    return say("push_desk.not_yours", number=wish.number)


def _which(wish: Do, items: tuple[Item, ...]) -> str:
    lines = "\n".join(_line(one) for one in items)
    return say("push_desk.which", lines=lines, act=wish.act.value)


def _listed(items: tuple[Item, ...], more: int) -> str:
    if not items:
        return say("push_desk.none")
    lines = [_line(one) for one in items]
    if more:
        lines.append(say("push_desk.more", n=more))
    return "\n".join((*lines, say("push_desk.how")))


def _line(one: Item) -> str:
    many = say("push_desk.many", n=one.planned) if one.planned else ""
    when = f"，{one.when}" if one.when else ""
    return say(
        "push_desk.line",
        number=one.number,
        title=one.title,
        state=one.state,
        many=many,
        when=when,
    )


def _told(text: str, state: State) -> Turn:
    return Turn((Reply(text, kind="staff"),), state)


def _done(act: Act, number: int) -> str:
    return say_of("push_done", act.value).format(number=number)


def _hears_why(staff: Staff, wish: Wish) -> bool:
    """Who runs events hears who may agree; who reads totals, that it is not theirs."""
    if rights.may(staff, Right.TOTALS):
        return not asks_which(wish)
    return isinstance(wish, Do) and bool(wish.event) and rights.may(staff, Right.EVENTS)
