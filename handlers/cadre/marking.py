"""What a turn knows of people's standing: whom staff name, and what was said of oneself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from handlers import commands, hearing
from handlers.commands import Command
from handlers.sages import seen as sages_seen
from handlers.sages.seen import Seen
from matching.aspects import is_current
from matching.projects import Project
from outreach.projects import library, stocking
from records import people, rights, scope, standings, visits
from records.database import Session
from records.people import Profile, Status
from records.prints import VILLAGE
from records.rights import Right
from records.staff_accounts import Staff
from records.standings import Sage, Tier, Vouched, Word
from records.vault import Vault

_WORDS = {
    Word.VOUCHED: ("可推荐", "了解情况可推荐", "推荐", "靠得住"),
    Word.UNKNOWN: ("不了解", "不清楚"),
    Word.DOUBTED: ("有疑问", "有疑问请面谈", "要面谈"),
}
_TIERS = {
    Tier.REGISTERED: ("登记", "在册"),
    Tier.SELECTED: ("入选", "优选"),
    Tier.KEY: ("重点", "重点人才", "核心"),
}
_WORD_OF = {word: code for code, words in _WORDS.items() for word in words}
_TIER_OF = {word: code for code, words in _TIERS.items() for word in words}
_WHO = r"(\S{2,10}?)(?:\s+(\d{4}))?"
_LOOK = re.compile(rf"三有\s+{_WHO}")
_VOUCH = re.compile(rf"信誉\s+{_WHO}\s+({'|'.join(sorted(_WORD_OF, key=len, reverse=True))})")
_PLACE = re.compile(rf"乡贤\s+{_WHO}\s+({'|'.join(_TIER_OF)})(?:\s*联系人[:：]?\s*(\S{{2,10}}))?")
_MET = re.compile(rf"乡贤\s+{_WHO}\s+(?:联系过了?|联系了)")
_PAIR = re.compile(rf"结对\s+{_WHO}\s+(?:联系人[:：]?\s*)?(\D\S{{1,9}})")
_LIST = re.compile(rf"乡贤(?:名单)?(?:\s+({'|'.join(_TIER_OF)}))?")
_OBJECTS = frozenset({"不认同", "不认同评价", "我不认同", "不同意这个评价"})


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody is named; with a word for them, a tier, a leader, or that somebody was in touch."""

    name: str = ""
    last: str = ""  # digits of the phone
    word: Word | None = None
    tier: Tier | None = None
    owner: str = ""
    is_met: bool = False
    is_pair: bool = False
    is_list: bool = False

    @property
    def is_look(self) -> bool:
        """Whether the three marks are to be read."""
        is_said = self.word or self.tier or self.owner or self.is_met or self.is_pair
        return not (is_said or self.is_list)


@dataclass(frozen=True, slots=True)
class Known:
    """A person of whom staff may speak: when they were last spoken to, what is said of them."""

    profile: Profile
    spoken_at: datetime
    vouched: Vouched | None = None
    is_sage: bool = False
    offered: tuple[Project, ...] = ()  # what their county shows today, where it is asked for


@dataclass(frozen=True, slots=True)
class Standings:
    """Those whom a member of staff named; the county's tiers; what is said of the writer."""

    named: Mapping[Wish, tuple[Known, ...]] = field(default_factory=dict)
    sages: tuple[tuple[Sage, Profile], ...] = ()
    own: Mapping[str, Vouched] = field(default_factory=dict)  # by person
    seen: Seen = sages_seen.NONE  # the address book


NONE = Standings()


def wish_of(text: str) -> Wish | None:
    """What staff say of somebody's standing; None where it is nothing of the kind."""
    said = hearing.clean(text).strip("。.!！")
    if found := _VOUCH.fullmatch(said):
        return Wish(found[1], found[2] or "", word=_WORD_OF[found[3]])
    if found := _MET.fullmatch(said):
        return Wish(found[1], found[2] or "", is_met=True)
    if found := _PLACE.fullmatch(said):
        return Wish(found[1], found[2] or "", tier=_TIER_OF[found[3]], owner=found[4] or "")
    if found := _PAIR.fullmatch(said):
        return Wish(found[1], found[2] or "", owner=found[3], is_pair=True)
    if found := _LIST.fullmatch(said):
        return Wish(tier=_TIER_OF.get(found[1] or ""), is_list=True)
    found = _LOOK.fullmatch(said)
    return Wish(found[1], found[2] or "") if found else None


def objects(text: str) -> bool:
    """Whether somebody does not agree with what was said of them."""
    return hearing.core(text) in _OBJECTS


def is_county(staff: Staff) -> bool:
    """Whether marks and tiers are theirs to read: staff of a county or wider."""
    return rights.may(staff, Right.STANDINGS)


def of_talk(
    session: Session,
    vault: Vault,
    texts: Sequence[str],
    *,
    staff: Staff | None,
    profiles: Sequence[Profile],
    is_mine: bool,
    now: datetime,
) -> Standings:
    """What these messages speak of; for most nothing is read. `is_mine`: one's data is open."""
    seen = _of_book(session, vault, texts, staff=staff, profiles=profiles, now=now)
    if seen is not None:
        return Standings(seen=seen)
    if staff is not None and rights.may(staff, Right.ENTER):
        wishes = [wish for text in texts if (wish := wish_of(text))]
        named = {w: _known(session, vault, staff, w, now) for w in wishes if not w.is_list}
        sages = _sages(session, vault, staff) if any(w.is_list for w in wishes) else ()
        return Standings(named, sages)
    if profiles and (is_mine or any(map(_asks, texts))):
        return Standings(own=standings.vouched(session, [p.id for p in profiles], now))
    return NONE


def _of_book(
    session: Session,
    vault: Vault,
    texts: Sequence[str],
    *,
    staff: Staff | None,
    profiles: Sequence[Profile],
    now: datetime,
) -> Seen | None:
    if staff is not None and is_county(staff):
        return sages_seen.of_staff(session, vault, staff, texts, now)
    return sages_seen.of_person(session, profiles, texts) if profiles else None


def _asks(text: str) -> bool:
    return commands.of(text) in (Command.MINE, Command.EXPORT) or objects(text)


def _known(
    session: Session, vault: Vault, staff: Staff, wish: Wish, now: datetime
) -> tuple[Known, ...]:
    """Those of this name whom they may see; out of a whole county with the phone's end."""
    if wish.last:
        proof = (wish.last, wish.name)
        found = list(people.with_proof(session, vault, [proof]).get(proof, ()))
    elif scope.is_local(staff.area):
        at_home = people.at_home(session, vault, staff.area, "", VILLAGE)
        ids = [id_ for id_, name in at_home if name == wish.name]
        found = list(people.by_ids(session, vault, ids).values())
    else:
        found = []
    spots = scope.spots(session, [p.id for p in found])
    may = [
        p for p in found if p.status is Status.CONFIRMED and scope.may_see(staff.area, spots[p.id])
    ]
    ids = [p.id for p in may]
    last = visits.last_contacts(session, ids)
    vouched = standings.vouched(session, ids, now)
    told = people.told_at(session, ids)
    sages = standings.among_sages(session, ids)
    return tuple(
        Known(
            p,
            max(filter(None, (last.get(p.id), told[p.id]))),
            vouched.get(p.id),
            p.id in sages,
            _offered(session, p, now) if wish.is_look and is_county(staff) else (),
        )
        for p in may
    )


def _offered(session: Session, person: Profile, now: datetime) -> tuple[Project, ...]:
    goods = library.of_counties(session, {person.area})
    view = stocking.view(session, goods.where, now)
    return tuple(one for one in goods.stock.projects if is_current(one, view))


def _sages(session: Session, vault: Vault, staff: Staff) -> tuple[tuple[Sage, Profile], ...]:
    if not is_county(staff):
        return ()
    every = standings.sages(session)
    ids = [one.person_id for one in every]
    spots, known = scope.spots(session, ids), people.by_ids(session, vault, ids)
    return tuple(
        (one, known[one.person_id])
        for one in every
        if one.person_id in spots and scope.may_see(staff.area, spots[one.person_id])
    )
