"""What a channel code tells of a new customer: the place, how we greet them, which tags they get.

A code is an area's number, perhaps with a station's name behind it: `371703-张湾镇服务站`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from outreach.texts import say
from records.people import Profile, Status

AREA, STATION, INTENT = "归雁-地区", "归雁-来路", "归雁-想法"  # names of our groups of tags

_CODE = re.compile(r"(\d{6,12})?[-_ ]?(.*)", re.DOTALL)
_PLACE_LENGTH, _TAG_LENGTH = 20, 30

# The choices of the registration's question, as its form calls them.
_INTENTS = {
    "running": "已经在干",
    "ready": "马上想干",
    "thinking": "有想法没想好",
    "job": "想回来上班",
    "not_returning": "暂时不回",
}

Places = Callable[[str], str]  # an area's code → its name, "" for none
Talks = Callable[[str], Sequence[str]]  # a customer's id → their conversations with us


def area_of(state: str) -> str:
    """The area's code in a channel code; "" where there is none."""
    found = _CODE.fullmatch(state.strip())
    return (found[1] or "") if found else ""


def station_of(state: str) -> str:
    """What follows the area's code."""
    found = _CODE.fullmatch(state.strip())
    return found[2].strip() if found else ""


def greeting(office: str, state: str, places: Places) -> str:
    """How a new customer is greeted."""
    place = f"{places(area_of(state))}{station_of(state)}"[:_PLACE_LENGTH]
    return say("welcome.hello", office=office, place=f"（{place}）" if place else "")


def intent_of(profile: Profile) -> str:
    """What a registered person intends; "" where they have not agreed or not said."""
    if profile.status is not Status.CONFIRMED:
        return ""
    return _INTENTS.get(str(profile.answers.get("intent")), "")


def tags_for(state: str, intent: str, places: Places) -> frozenset[tuple[str, str]]:
    """The tags of ours that a customer is to have: group and name."""
    found = {AREA: places(area_of(state)), STATION: station_of(state), INTENT: intent}
    return frozenset((group, name[:_TAG_LENGTH]) for group, name in found.items() if name)
