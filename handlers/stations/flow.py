"""服务站 for people: the nearest of their home; 述职 and 线索 for heads of stations."""

from __future__ import annotations

from dataclasses import replace

from handlers import frames
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.events.pages import money
from handlers.human_help import TYPED
from handlers.stations.effects import BringLead, ConfirmDuty
from handlers.stations.words import Duty, Lead, is_near, wish_of
from handlers.texts import say
from outreach.stations import Draft
from records.messages import Inbound
from records.staff_accounts import StaffRole
from records.stations import Listed

_MOST = 3  # stations at once
_WORDS = 300  # characters that a head adds


class NearStations:
    """服务站."""

    name = "stations"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        is_free = not message.is_group and not frames.is_asking(state)
        return is_free and is_near(message.text) and bool(scene.agenda.stations.near)

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        shown = [_line(one) for one in scene.agenda.stations.near[:_MOST]]
        return Turn((Reply("\n".join(shown), kind="answer"),), frames.leave(state))


class Duties:
    """述职, 述职 确认, 线索 … of heads of stations."""

    name = "duties"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        staff = scene.counter.staff
        is_head = staff is not None and staff.role is StaffRole.HEAD
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
    return say(
        "station.line",
        name=one.name,
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
