"""An audience before anybody is written to: how many, who is left out and why, some to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from knowledge.areas import Gazetteer
from outreach import segments
from outreach.campaigns import freezing
from outreach.campaigns.looking import REASONS
from outreach.reach import Lines
from outreach.segments import Office
from records import audit, frozen, people, scope
from records.database import Session
from records.freezing import Terms
from records.frozen import Later
from records.vault import Vault
from registry import naming, villages

_SAMPLE = 10
LATER: Mapping[str, str] = {
    Later.CAPPED: "近来收得多，要等几天",
    Later.WINDOW: "对方先开口才能发",
    Later.HOURS: "要等对方说的钟点",
}


@dataclass(frozen=True, slots=True)
class Weighed:
    """How an audience was understood, how many fit, and what would become of them.

    `planned` could be written to; the reasons name the others, the most first. `later` are
    of those whom caps, hours or the channel make wait now.
    """

    spoken: str
    number: int
    planned: int
    left_out: Mapping[str, int]
    later: Mapping[str, int]
    tags_of_nobody: Sequence[str] = ()


def weigh(session: Session, office: Office, typed: str, lines: Lines, now: datetime) -> Weighed:
    """What an audience comes to now; AudienceFault where it cannot be read."""
    audience = segments.read(session, office, typed, now)
    terms = Terms(
        campaign=0,
        meant=segments.meant(office, audience),
        served=tuple(sorted(lines.served or freezing.EVERY)),
        waves=(),
        holdout=0,
        second=0,
        now=now,
    )
    left_out, later = Counter[str](), Counter[str]()
    planned = 0
    for one in frozen.outlook(session, terms, freezing.manners(lines, now)):
        planned += 0 if one.reason else one.number
        left_out[one.reason] += one.number if one.reason else 0
        later[one.later] += one.number if one.later else 0
    number = planned + left_out.total()
    unknown = segments.tags_of_nobody(session, audience)
    return Weighed(audience.spoken, number, planned, _named(left_out), _named(later), unknown)


def told(found: Weighed) -> list[str]:
    """The same in words."""
    lines = [f"听成：{found.spoken}", f"合条件{found.number}人，现在能发{found.planned}人。"]
    if found.tags_of_nobody:
        lines.append(no_such_tag(found.tags_of_nobody))
    if found.left_out:
        lines.append(f"不能发：{_counted(REASONS, found.left_out)}。")
    if found.later:
        lines.append(f"能发的里头，{_counted(LATER, found.later)}。")
    return lines


def some(
    session: Session, vault: Vault, office: Office, typed: str, *, by: str, now: datetime
) -> list[str]:
    """Lines of a few of them, the phone masked; the trail says who looked at whom."""
    ids = sampled(session, office, typed, by=by, now=now)
    return _lines(session, vault, ids, office.places)


def sampled(session: Session, office: Office, typed: str, *, by: str, now: datetime) -> list[str]:
    """The ids of a few of them, for somebody who is about to see who they are."""
    audience = segments.read(session, office, typed, now)
    ids = segments.sample(session, office, audience, _SAMPLE)
    audit.write_all(session, "audience.sampled", ids, at=now, actor=f"staff:{by}"[:60])
    return ids


def _lines(session: Session, vault: Vault, ids: Sequence[str], places: Gazetteer) -> list[str]:
    known = people.by_ids(session, vault, ids)
    homes = scope.spots(session, ids)
    here = villages.known(session, {spot.area for spot in homes.values()})
    found = []
    for person_id in ids:
        one, spot = known[person_id], homes[person_id]
        home = naming.spoken(spot.village or spot.town or spot.area, places, here)
        phone = f"{one.phone[:3]}****{one.phone[-4:]}" if one.phone else "没留手机"
        found.append(f"{one.nickname or '没留称呼'} {phone} {home or '老家不详'}")
    return found


def _named(counted: Counter[str]) -> dict[str, int]:
    return {name: number for name, number in counted.most_common() if number}


def _counted(words: Mapping[str, str], counted: Mapping[str, int]) -> str:
    return "，".join(f"{words.get(name, name)}{number}人" for name, number in counted.items())


def no_such_tag(tags: Sequence[str]) -> str:
    """A hint at tags that nobody has."""
    return f"还没有人有标签“{'、'.join(tags)}”，看看写对没有。"
