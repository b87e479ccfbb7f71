"""A cadre's paste held against the register: what would become of each line, then stored so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from difflib import SequenceMatcher

from knowledge.areas import Area, Gazetteer
from knowledge.villages import Level
from records import grounds, line_drafts, places, scope
from records.database import Session
from records.line_drafts import Draft
from records.people import Source
from records.scope import Spot
from records.staff_accounts import Staff
from records.vault import Vault
from registry import lines, phones, villages
from registry.line_people import LineReader, Read, Ward, Written
from registry.lists import Origin, Outcome, Stored, Terms
from registry.people import preview, store_all
from registry.people_rows import Listed

_CUT = "这一行没有发全"
_TOGETHER = timedelta(minutes=3)  # two messages within it may be one that a channel cut
_ELSEWHERE = "这个人登记在别的村，请镇里或县里的人来改"


class Changed(Exception):
    """The register is not as it was when the lines were held against it."""


@dataclass(frozen=True, slots=True)
class Post:
    """Who enters people, where, and on what ground; `document` is "" where none is settled."""

    vault: Vault
    staff: Staff
    now: datetime
    ward: Ward | None  # None: staff of no county
    areas: tuple[str, ...]  # the place that they look after, and what it lies in
    gazetteer: Gazetteer
    document: str = ""
    drafts: tuple[Draft, ...] = ()


@dataclass(frozen=True, slots=True)
class Tried:
    """A line with what would become of it; `stored` is None where it waits or has faults."""

    read: Read
    stored: Stored | None = None
    why: str = ""  # it is not stored, though nothing is wrong in it

    @property
    def is_faulty(self) -> bool:
        return bool(self.read.faults) or bool(self.why)


_Met = tuple[Read, Draft | None]  # a line, and the one that it is said to mend


@dataclass(frozen=True, slots=True)
class Paste:
    """The lines of a message, tried; `replaced` are the drafts that they mend."""

    tried: tuple[Tried, ...] = ()
    replaced: tuple[int, ...] = ()
    document: str = ""

    @property
    def taken(self) -> list[Listed]:
        """Those who are to be stored."""
        return [t.read.listed for t in self.tried if t.stored and t.read.listed]

    @property
    def faulty(self) -> list[Tried]:
        found = [t for t in self.tried if t.is_faulty]
        return sorted(found, key=lambda t: t.read.is_barred)  # nothing is to be done about these

    @property
    def waiting(self) -> list[Tried]:
        """Right, and only the ground is yet to be told."""
        return [t for t in self.tried if not t.is_faulty and t.stored is None]

    def count(self, outcome: Outcome) -> int:
        return sum(t.stored is not None and t.stored.outcome is outcome for t in self.tried)


def post_of(
    session: Session, vault: Vault, staff: Staff, gazetteer: Gazetteer, now: datetime
) -> Post:
    """What somebody of the staff may enter, and what waits of theirs."""
    ward = _ward(session, staff.area, gazetteer)
    areas = _around(staff.area, ward, gazetteer)
    return Post(
        vault,
        staff,
        now,
        ward,
        areas,
        gazetteer,
        grounds.of(session, areas),
        line_drafts.of_staff(session, vault, staff.name, now),
    )


def paste(session: Session, post: Post, text: str, token: str) -> Paste:
    """A message of lines; what was cut at its end by the channel is put together."""
    written = _continued(post, lines.split(text))
    is_cut = len(text) >= lines.LONGEST
    return _tried(session, post, token, lambda read: _all_read(read, post, written, is_cut=is_cut))


def mend(session: Session, post: Post, number: int, text: str, token: str) -> Paste:
    """«第3行 …»: the draft of this number, the newest first, with what is said now instead."""
    draft = next((one for one in post.drafts if one.number == number), None)
    if draft is None:
        return Paste()
    written = Written(number, text, draft.place)
    return _tried(session, post, token, lambda read: [(read(written, before=draft.text), draft)])


def ground(
    session: Session, post: Post, token: str, *, document: str = "", is_signed: bool = False
) -> Paste:
    """All that waits only for its ground, now that it is told."""
    settled = replace(post, document=document or post.document)

    def read_all(read: LineReader) -> list[_Met]:
        found = [(read(Written(d.number, d.text, d.place)), d) for d in _in_order(post)]
        right = [(one, draft) for one, draft in found if not one.faults]
        return [(_signed(one) if is_signed else one, draft) for one, draft in right]

    return _tried(session, settled, token, read_all)


def left(session: Session, post: Post, token: str) -> Paste:
    """All that waits, as it reads now; it is looked at and not stored."""
    met: list[_Met] = []

    def read_all(read: LineReader) -> list[_Met]:
        met.extend((read(Written(d.number, d.text, d.place)), d) for d in post.drafts)
        return []

    _tried(session, post, token, read_all)
    return Paste(tuple(Tried(one) for one, _ in met))


def store(session: Session, post: Post, tried: Paste) -> list[tuple[Listed, Stored]]:
    """Store a paste as it was tried, who they are; Changed where it would come out otherwise."""
    origin = _origin(post, tried.document)
    becomes = store_all(session, tried.taken, origin)
    expected = [t.stored for t in tried.tried if t.stored]
    if [(s.outcome, s.remarks) for s in becomes] != [(s.outcome, s.remarks) for s in expected]:
        raise Changed
    line_drafts.drop(session, tried.replaced)
    kept = [
        Draft(t.read.number, t.read.text, t.read.place, post.now)
        for t in tried.tried
        if t.stored is None and not t.read.is_barred
    ]
    line_drafts.keep(session, post.vault, post.staff.name, kept)
    return list(zip(tried.taken, becomes, strict=True))


def _tried(
    session: Session, post: Post, token: str, reading: Callable[[LineReader], list[_Met]]
) -> Paste:
    if post.ward is None:
        return Paste()
    origin = _origin(post, post.document)
    area = Area(post.ward.county.area, post.ward.spoken, post.ward.spoken, "county")
    terms = Terms(origin, post.gazetteer, token, area)
    reader = LineReader(terms, post.ward)
    met = reading(reader)
    read = [one for one, _ in met]
    ready = [r for r in read if r.listed and (post.document or r.is_signed)]
    becomes = dict(zip(map(id, ready), _becomes(session, ready, origin), strict=True))
    abroad = _abroad(session, post, [s.subject for s in becomes.values() if s.subject])
    tried = []
    for one in read:
        stored = becomes.get(id(one))
        why = _ELSEWHERE if stored and stored.subject in abroad else ""
        if stored and stored.outcome is Outcome.REFUSED:
            why = "；".join(stored.remarks)
        tried.append(Tried(one, None if why else stored, why))
    return Paste(tuple(tried), _replaced(met, post, reader), post.document)


def _becomes(session: Session, ready: Sequence[Read], origin: Origin) -> list[Stored]:
    """What would become of each, in order; nothing is written."""
    listed = [one.listed for one in ready if one.listed]
    if not listed:
        return []
    return preview(session, listed, origin)


def _abroad(session: Session, post: Post, ids: Sequence[str]) -> set[str]:
    """Those who are known to be at home where the cadre has no say (domain P-20)."""
    spots = scope.spots(session, ids)
    return {id_ for id_, spot in spots.items() if not _may_enter(post.staff.area, spot)}


def _may_enter(area: str, spot: Spot) -> bool:
    if not scope.is_local(area):
        return scope.may_see(area, spot)
    return scope.may_see(area, spot) or not (spot.village and spot.town)


def _replaced(met: Sequence[_Met], post: Post, reader: LineReader) -> tuple[int, ...]:
    """The drafts whose people have come again, each by one line."""
    known = {draft.id: draft for draft in post.drafts}
    gone = [draft.id for _, draft in met if draft]
    left = {id_: draft for id_, draft in known.items() if id_ not in gone}
    before = {id_: reader(Written(d.number, d.text, d.place)) for id_, d in left.items()}
    for one, draft in met:
        likely = [id_ for id_ in before if draft is None and _is_again(one, before[id_])]
        if likely:
            best = max(likely, key=lambda id_: _likeness(one.text, before[id_].text))
            gone.append(best)
            del before[best]
    return tuple(gone)


def _is_again(one: Read, before: Read) -> bool:
    """Whether a line is about whom a line before it was about, and not about a namesake."""
    if not one.name or one.name != before.name:
        return bool(one.phone) and one.phone == before.phone
    phones_ = [p for p in (one.phone, before.phone) if phones.read(p) == (p, "") and p]
    return len(set(phones_)) < 2 and one.place in (before.place, "")


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


def _all_read(
    read: LineReader, post: Post, written: Sequence[Written], *, is_cut: bool
) -> list[_Met]:
    """Each line; the first may be the end of one that was cut in two."""
    found: list[_Met] = []
    for one in written:
        whole = _joined(read, post, one) if not found else None
        found.append((whole, _tail(post)) if whole else (read(one), None))
    if is_cut and found:
        last, draft = found[-1]
        found[-1] = replace(last, listed=None, faults=(_CUT,)), draft
    return found


def _joined(read: LineReader, post: Post, first: Written) -> Read | None:
    """The last line of the message before and this one as one, where only so they are right."""
    tail = _tail(post)
    if tail is None or read(first).listed is not None:
        return None
    for text in lines.in_two(tail.text, first.text):
        whole = read(Written(tail.number, text, tail.place))
        if whole.listed is not None:
            return whole
    return None


def _continued(post: Post, written: Sequence[Written]) -> list[Written]:
    """Numbered on from a message that came just before and left lines to mend."""
    tail = _tail(post)
    if tail is None or len(written) < _MANY:
        return list(written)
    return [replace(one, number=one.number + tail.number, place=one.place or tail.place)
            for one in written]  # fmt: skip


_MANY = 5  # lines of a message that goes on with the one before


def _tail(post: Post) -> Draft | None:
    """The last line to mend of a message that has just come."""
    fresh = [draft for draft in post.drafts if post.now - draft.at < _TOGETHER]
    return max(fresh, key=lambda draft: (draft.at, draft.number), default=None)


def _in_order(post: Post) -> list[Draft]:
    return sorted(post.drafts, key=lambda draft: (draft.at, draft.number))


def _signed(read: Read) -> Read:
    if read.listed is None:
        return read
    return replace(read, listed=read.listed._replace(is_signed=True), is_signed=True)


def _origin(post: Post, document: str) -> Origin:
    return Origin(post.vault, post.staff.name, post.now, Source.HOUSEHOLD, document)


def _ward(session: Session, area: str, gazetteer: Gazetteer) -> Ward | None:
    """The county, town and village that a scope is; None for a city, or everywhere."""
    brought = {row.county for row in places.by_ids(session, [area])}
    known = villages.known(session, [*brought, area[:6]])
    place = known.place(area)
    town = known.place(place.parent) if place and place.level is Level.VILLAGE else place
    code = town.parent if town else area
    home = gazetteer.area(code)
    if town is None and (home is None or home.level in ("country", "province", "city")):
        return None
    up = gazetteer.area(f"{code[:4]}00")
    name = home.name if home else town.name if town else code
    spoken = f"{up.short}{name}" if up and up.code != code and up.short not in name else name
    own = place if place is not None and place.level is Level.VILLAGE else None
    return Ward(known.county(code), spoken, town, own)


def _around(area: str, ward: Ward | None, gazetteer: Gazetteer) -> tuple[str, ...]:
    if ward is None:
        return (area,)
    own = [place.id for place in (ward.village, ward.town) if place]
    return (*own, *gazetteer.lineage(ward.county.area))
