"""服务站 for people: the nearest of their home; 述职 and 线索 for heads of stations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers import frames, places
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.events.pages import money
from handlers.human_help import TYPED
from handlers.prompts import fits
from handlers.stations.effects import BringLead, ConfirmDuty
from handlers.stations.seen import Stations
from handlers.stations.words import Duty, Lead, near_of, wants_channels, wish_of
from handlers.texts import say
from outreach.stations import Draft
from records import rights
from records.messages import Inbound
from records.pointers import Pointer
from records.rights import Right
from records.stations import Listed

_MOST = 3  # channels told at once
LINES = 3  # of a message; a line may be long
_WORDS = 300  # characters that a head adds


class NearStations:
    """服务站, 昆明的服务站."""

    name = "stations"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        is_free = not message.is_group and not frames.is_asking(state)
        is_asked = near_of(message.text) is not None
        return is_free and is_asked and bool(scene.agenda.stations.near)

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        found = scene.agenda.stations
        lines = [_head(found), *map(_line, found.near)]
        first = _as_many(lines, LINES)
        second = _as_many(lines[len(first) :], LINES - 1)
        left = len(lines) - len(first) - len(second)
        if left:
            second.append(say("station.more", n=left))
        texts = ["\n".join(part) for part in (first, second) if part]
        return Turn(tuple(Reply(text, kind="answer") for text in texts), frames.leave(state))


def _head(found: Stations) -> str:
    """For whom, and from where it is counted."""
    if not found.is_away and found.here:
        return say("station.at_home")
    if not found.at:
        return say("station.where_are_you")
    if not found.here:
        return say("station.none_there", at=found.at)
    return say("station.near", at=found.at)


def _as_many(lines: list[str], most: int) -> list[str]:
    """As many as one message holds, at least one."""
    taken: list[str] = []
    for line in lines[:most]:
        if taken and not fits("\n".join((*taken, line))):
            break
        taken.append(line)
    return taken


class Channels:
    """专栏, 视频, 公众号: the links that staff keep, with the day of the last check."""

    name = "channels"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        is_free = not message.is_group and not frames.is_asking(state)
        is_asked = wants_channels(message.text)
        return is_free and is_asked and bool(scene.agenda.stations.channels)

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        lines = [
            say(
                "station.channel",
                kind=one.kind.value,
                name=one.name,
                way=one.link or one.way or one.phone,
                day=f"{one.checked_on.month}月{one.checked_on.day}日",
            )
            for one in _named(scene.agenda.stations.channels, message.text)[:_MOST]
        ]
        replies = tuple(Reply(line, kind="answer") for line in lines)
        return Turn(replies, frames.leave(state))


def _named(channels: Sequence[Pointer], text: str) -> Sequence[Pointer]:
    """Those of the kind that is asked for; all where none is kept."""
    return [one for one in channels if one.kind.value in text] or channels


class Duties:
    """述职, 述职 确认, 线索 … of heads of stations."""

    name = "duties"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        staff = scene.counter.staff
        is_head = staff is not None and rights.may(staff, Right.DUTY)
        return is_head and _wish(message) is not None

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        wish, staff, left = _wish(message), scene.counter.staff, frames.leave(state)
        draft = scene.agenda.stations.draft
        if isinstance(wish, Lead) and staff is not None:
            effect = BringLead(staff.name, staff.area, wish.text)
            return Turn((Reply(say("station.lead_kept"), kind="notice"),), left, (effect,))
        if not isinstance(wish, Duty) or draft is None:
            return Turn((), left)
        if not wish.confirms:
            return Turn((Reply(_report(draft), kind="staff"),), left)
        if draft.frozen:
            return Turn((Reply(say("station.frozen_already"), kind="notice"),), left)
        report = replace(draft.report, words=wish.words[:_WORDS])
        frozen = _report(replace(draft, report=report, frozen=True))
        text = f"{frozen}\n{say('station.confirmed', half=_half(report.half))}"
        return Turn((Reply(text, kind="staff"),), left, (ConfirmDuty(report),))


def _wish(message: Inbound) -> Duty | Lead | None:
    return wish_of(message.extra.get(TYPED) or message.text)


def _line(one: Listed) -> str:
    home = places.named(one.area)
    whose = say("station.outside", city=one.city, home=home)
    return say(
        "station.line",
        name=one.name,
        whose=whose if one.city else say("station.inside", home=home),
        address=one.address or say("station.no_address"),
        phone=one.phone or say("station.no_phone"),
        hours=f"，{one.hours}" if one.hours else "",
    )


def _report(draft: Draft) -> str:
    report = draft.report
    figures = report.figures
    lines = [
        say("station.head", half=_half(report.half), name=report.staff),
        say("station.held", events=figures["events"], came=figures["came"]),
        say(
            "station.signed",
            projects=figures["projects"],
            firms=figures["firms"],
            planned=money(figures["planned"]),
            landed=money(figures["landed"]),
        ),
        say("station.leads", n=figures["leads"]),
    ]
    if draft.stations:
        lines.insert(1, "、".join(draft.stations))
    if report.words:
        lines.append(report.words)
    lines.append(say("station.frozen") if draft.frozen else say("station.how"))
    return "\n".join(lines)


def _half(half: str) -> str:
    year = half[:4]
    return say("station.first", year=year) if half[-1] == "1" else say("station.second", year=year)
