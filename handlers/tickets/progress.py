"""进度: what became of one's requests and applications, with the clock (domain S4-19, S4-10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handlers import frames
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.prompts import fits
from handlers.texts import say
from handlers.tickets import joint
from handlers.tickets.own import Own, asks
from outreach import routing
from outreach.alerts import word_of
from outreach.calendars import CHINA, spoken_day
from records.applications import Outcome
from records.messages import Inbound
from records.tickets import TicketState

_MOST = 4


class Progress:
    """进度, 进度 G7K2M4, 我的申请批了没."""

    name = "progress"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        if message.is_group or frames.is_asking(state) or asks(message.text) is None:
            return False
        # «批了没» of somebody who asked for nothing is a question about a policy.
        return bool(scene.requests.own) or "进度" in message.text

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        number = asks(message.text) or ""
        own = scene.requests.own
        named = [one for one in own if one.number == number]
        if number and not named:
            return _told(say("progress.unknown", number=number), state)
        if named:
            return _told(_whole(named[0], scene.now), state)
        waiting = [one for one in own if one.state is not TicketState.CLOSED]
        shown = waiting or [one for one in own if one.application][:1] or list(own[:1])
        if not shown:
            return _told(say("progress.none"), state)
        return _told(_as_many(shown, scene.now), state)


def _as_many(shown: Sequence[Own], now: datetime) -> str:
    """As many as one message holds; how to see each of the others."""
    lines: list[str] = []
    for number, one in enumerate(shown):
        left = len(shown) - number
        more = [say("progress.more", count=left)] if left > 1 else []
        if lines and not fits("\n".join((*lines, line_of(one, now), *more))):
            return "\n".join((*lines, say("progress.more", count=left)))
        lines.append(line_of(one, now))
    return "\n".join(lines[:_MOST])


def line_of(one: Own, now: datetime) -> str:
    """One request in one line."""
    what = one.title or word_of(one.kind)
    return say("progress.line", number=one.number, what=what, how=_how(one, now))


def _whole(one: Own, now: datetime) -> str:
    lines = [line_of(one, now)]
    held = one.application
    if held and held.lacks_papers and held.papers_until and held.outcome is None:
        day = spoken_day(held.papers_until)
        lines.append(say("progress.lacks", papers=held.papers, day=day))
    elif one.state is not TicketState.CLOSED:
        office = routing.matter_of(one.matter).office
        level = routing.spoken(one.level)
        lines.append(say("progress.where", level=level, office=office))
    if one.offices:
        lines.append(joint.spoken(one.offices))
    return "\n".join(line for line in lines if line)


def _how(one: Own, now: datetime) -> str:
    held = one.application
    if held and held.outcome is Outcome.REFUSED:
        return say("progress.refused")
    if held and held.outcome is Outcome.GRANTED and held.decided_at:
        if held.paid_on:
            return say("progress.paid", day=spoken_day(held.paid_on))
        days = (now.astimezone(CHINA).date() - held.decided_at.astimezone(CHINA).date()).days
        return say("progress.unpaid", days=days) if days else say("progress.just_granted")
    if one.state is TicketState.CLOSED:
        return say("progress.done")
    helper = one.taken_by if one.taken_by and one.taken_by != "terminal" else ""
    by = say("progress.by", name=helper) if helper else say("progress.waits")
    return say("progress.open", by=by, until=one.clock.shown(now))


def _told(text: str, state: State) -> Turn:
    return Turn((Reply(text, kind="notice"),), frames.leave(state))
