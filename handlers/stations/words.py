"""What people and heads write about stations («服务站», «述职 确认»), read as values."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers import hearing


@dataclass(frozen=True, slots=True)
class Duty:
    """A head's report: looked at, or confirmed with words of their own."""

    is_last: bool = False  # of the half-year before
    confirms: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class Lead:
    """A head tells of a project."""

    text: str


_NEAR = frozenset(
    {
        "服务站",
        "创业服务站",
        "返乡创业服务站",
        "查服务站",
        "找服务站",
        "最近的服务站",
        "服务站在哪",
        "服务站在哪里",
        "服务站在哪儿",
        "哪里有服务站",
        "哪有服务站",
        "联络站",
        "联络站在哪",
        "指导服务站",
    }
)
_DUTY = re.compile(r"述职(?:报告)?\s*(上期)?(?:\s*(确认)(?:[\s:：,，]+(.+))?)?", re.DOTALL)
_LEAD = re.compile(r"线索[\s:：,，]+(.{2,60})", re.DOTALL)


def is_near(text: str) -> bool:
    """Whether somebody asks for the nearest station."""
    return hearing.core(text) in _NEAR


def wish_of(text: str) -> Duty | Lead | None:
    """What a head's line asks for or tells; None where it is about something else."""
    said = text.strip().strip("。.!！?？")
    if found := _DUTY.fullmatch(said):
        return Duty(bool(found[1]), bool(found[2]), (found[3] or "").strip())
    found = _LEAD.fullmatch(said)
    return Lead(found[1].strip()) if found else None
