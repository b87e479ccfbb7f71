"""People from a list into the register: known ones found, differences kept, nothing overwritten.

Many are stored as one after the other would be: what the first brings, the second finds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from records import audit, import_touches, imports, leavers, listed_people, prints
from records.database import Session
from records.home_stays import BACK, STATE, Told
from records.imports import WHO, DifferenceState
from records.listed_people import Entry
from records.people import NICKNAME, Source, Status
from records.prints import VILLAGE
from records.vault import Vault
from registry.listed_tags import ListedTags
from registry.lists import Origin, Outcome, Stored
from registry.people_columns import headings
from registry.people_matching import GONE, RANK, Candidate, match, same
from registry.people_rows import Listed
from registry.ready_people import Ready, as_new, keys, ready, remembered
from registry.whereabouts import settled

_LEFT = "这个人要求过删除，没有再存；本人回来登记才行"
_SHARED = "手机号和另一个人的一样，名字不同，当作两个人存了"
_SPOKEN = "home_place_text"  # how the county is written: follows the county


def store(session: Session, one: Listed, origin: Origin) -> Stored:
    """Store one person of a list."""
    return store_all(session, [one], origin)[0]


def store_all(session: Session, listed: Sequence[Listed], origin: Origin) -> list[Stored]:
    """Store people of a list, in order; what became of each."""
    return store_ready(session, ready(listed, origin), origin)


def store_ready(session: Session, some: Sequence[Ready], origin: Origin) -> list[Stored]:
    """The same of people who were made ready."""
    desk = Desk(session, some, origin)
    done = [desk.take(one) for one in some]
    desk.write()
    return done


def preview(session: Session, listed: Sequence[Listed], origin: Origin) -> list[Stored]:
    """What would become of each; nothing is written."""
    some = ready(listed, origin)
    desk = Desk(session, some, origin)
    return [desk.take(one) for one in some]


class _Known:
    """People by what they are found by; those of the list are opened when one is meant."""

    def __init__(self, origin: Origin) -> None:
        self._origin = origin
        self._by: dict[str, list[str]] = {}
        self._entries: dict[str, Entry] = {}
        self._fresh: dict[str, Ready] = {}

    def add(self, entry: Entry) -> None:
        """Somebody of the register, or with other keys than before."""
        self._entries[entry.id] = entry
        self._note(entry.id, keys(entry.prints, entry.external_id))

    def add_fresh(self, one: Ready) -> None:
        """Somebody new of this list."""
        self._fresh[one.id] = one
        self._note(one.id, one.keys)

    def _note(self, who: str, wanted: tuple[str, ...]) -> None:
        by = self._by
        for key in wanted:
            if key not in by:
                by[key] = [who]
            elif who not in by[key]:
                by[key].append(who)

    def like(self, wanted: tuple[str, ...]) -> list[Entry]:
        """Everybody who may be meant, the oldest first."""
        by = self._by
        found = {
            entry.id: entry
            for key in wanted
            if key in by
            for entry in map(self._entry, by[key])
            if key in keys(entry.prints, entry.external_id)  # may have changed since
        }
        if not found:
            return []
        return sorted(found.values(), key=lambda one: (one.since, one.id))

    def _entry(self, who: str) -> Entry:
        if who not in self._entries:
            one = self._fresh[who]
            self._entries[who] = as_new(one.listed, one.prints, self._origin)
        return self._entries[who]


class Desk:
    """Some people of a list beside whom the register knows; all is written at the end."""

    def __init__(self, session: Session, some: Sequence[Ready], origin: Origin) -> None:
        listed_people.one_at_a_time(session)
        self._session, self._origin = session, origin
        found = listed_people.found(
            session,
            origin.vault,
            phones={one.phone_print for one in some} - {""},
            homes={one.home_print for one in some} - {""},
            external_ids={one.external_id for one in some} - {""},
        )
        self._known = _Known(origin)
        for entry in found:
            self._known.add(entry)
        ids = [entry.id for entry in found]
        self._decided = imports.settled(session, ids) if ids else {}
        self._left = leavers.among(
            session, {p for one in some for p in (one.proof_print, one.home_print)} - {""}
        )
        self._tags = ListedTags(session, ids if any(one.has_tags for one in some) else ())
        self._new: dict[str, Ready] = {}
        self._amended: dict[str, Entry] = {}
        self._before: dict[str, dict[str, str]] = {}
        self._memory: list[tuple[Any, ...]] = []
        self._signed: list[str] = []
        self._differences: list[dict[str, Any]] = []

    def take(self, some: Ready) -> Stored:
        """What becomes of one person."""
        known = self._known.like(some.keys)
        if not known:
            return self._enter(some)
        one = some.listed
        who = Candidate(
            name=str(one.texts.get(NICKNAME) or ""),
            external_id=one.external_id,
            town=prints.town(str(one.texts.get(VILLAGE) or "")),
            prints=some.prints,
            value_print=print_of(self._origin.vault, one),
        )
        found = match(who, known, self._decided)
        if found.entry is None:
            phone = some.phone_print
            return self._enter(some, is_shared=any(e.prints.phone == phone for e in known))
        if found.entry.status in GONE:
            return Stored(Outcome.REFUSED, remarks=(GONE[found.entry.status],))
        if found.doubt:
            self._differ(found.entry, WHO, pack(one, self._origin), one, made=who.value_print)
            return Stored(Outcome.DIFFERS, found.entry.id, (f"{found.doubt}，等人看了再定",))
        return self.merge(one, found.entry)

    def merge(self, one: Listed, entry: Entry) -> Stored:
        """What a list says of somebody whom we know."""
        held, source = entry.values, self._origin.source
        told: dict[str, Any] = {}
        asked: list[str] = []
        for name, new in {**one.codes, **one.texts}.items():
            old = held.get(name)
            if old is None:
                told[name] = new
            elif name == _SPOKEN or same(name, old, new):
                continue
            elif RANK[source] > RANK[entry.sources.get(name, entry.source)]:
                self._differ(entry, name, new, one, state=DifferenceState.TAKEN)
                told[name] = new
            elif self._differ(entry, name, new, one) is DifferenceState.OPEN:
                asked.append(name)
        if "home_place" in told and _SPOKEN in one.texts:
            told[_SPOKEN] = one.texts[_SPOKEN]
        is_more = self._adopt(one, entry, told)
        tagged = self._tags.take(one, entry.id)
        if asked:
            fields = "、".join(headings().get(name, name) for name in asked)
            said = f"“{fields}”和登记里的不一样，登记里的没动，等人看了再定"
            return Stored(Outcome.DIFFERS, entry.id, (said, *tagged))
        return Stored(Outcome.MERGED if is_more or tagged else Outcome.SAME, entry.id, tagged)

    def write(self) -> None:
        """Everything, in a statement for each table."""
        session, vault, at = self._session, self._origin.vault, self._origin.at
        grown = {who: one for who, one in self._amended.items() if who in self._new}
        known = {who: one for who, one in self._amended.items() if who not in self._new}
        rows = [
            listed_people.new_row(grown[who], vault, at=at) if who in grown else one.row
            for who, one in self._new.items()
        ]
        listed_people.enter_all(session, rows)
        listed_people.note_homes(session, self._at_home(), at=at)
        listed_people.amend_all(session, vault, list(known.values()), at=at)
        listed_people.remember(session, [one.memory for one in self._new.values()])
        listed_people.remember(session, self._memory)
        listed_people.note_signed(session, self._signed, at=at)
        imports.note(session, self._differences)
        if run := self._origin.run_id:
            import_touches.note(session, run, new=self._new, before=self._before, at=at)
        self._tags.write(by=self._origin.staff, at=at)
        actor = f"staff:{self._origin.staff}"[:60]
        audit.write_all(session, "person.listed", list(self._new), at=at, actor=actor)
        audit.write_all(session, "person.amended", list(known), at=at, actor=actor)

    def _at_home(self) -> Iterator[Told]:
        """The new ones who are there; only of these is unpacked what the list said."""
        for who, one in self._new.items():
            codes = listed_people.codes_of(one.row)
            if codes.get(STATE) == BACK:
                yield Told(who, codes, one.listed.texts)

    def _enter(self, one: Ready, *, is_shared: bool = False) -> Stored:
        if self._left and not self._left.isdisjoint((one.proof_print, one.home_print)):
            return Stored(Outcome.REFUSED, remarks=(_LEFT,))
        self._new[one.id] = one
        self._known.add_fresh(one)
        if one.is_signed:
            self._signed.append(one.id)
        remarks = (_SHARED,) if is_shared and one.phone_print else ()
        tagged = self._tags.take(one.listed, one.id, is_new=True) if one.has_tags else ()
        return Stored(Outcome.NEW, one.id, (*remarks, *tagged))

    def _adopt(self, one: Listed, entry: Entry, told: dict[str, Any]) -> bool:
        """Hold what is told from now on; whether anything has changed."""
        if one.is_signed:
            self._signed.append(entry.id)
        was_pending = entry.status is Status.PENDING
        has_number = bool(one.external_id) and not entry.external_id
        has_village = bool(one.village) and not entry.village
        if not (told or was_pending or has_number or has_village):
            return False
        if entry.id not in self._new:
            self._before.setdefault(entry.id, _standing(entry))
        if was_pending:
            entry.status, entry.basis = Status.CONFIRMED, self._origin.basis
        entry.external_id = entry.external_id or one.external_id
        if has_village or VILLAGE in told:
            entry.town, entry.village = one.town, one.village
        hold(entry, {name: v for name, v in told.items() if name in one.codes}, told)
        if told:
            self._memory.append(remembered(entry, self._origin, self._origin.source, told))
        entry.sources |= dict.fromkeys(told, self._origin.source)
        entry.prints = prints.of(self._origin.vault, entry.texts, entry.area)
        self._amended[entry.id] = entry
        self._known.add(entry)
        return True

    def _differ(
        self,
        entry: Entry,
        name: str,
        new: Any,
        one: Listed,
        *,
        state: DifferenceState = DifferenceState.OPEN,
        made: str = "",
    ) -> DifferenceState:
        """Keep a difference unless it is known already; where it stands now."""
        vault, origin = self._origin.vault, self._origin
        old = {"texts": entry.texts} if name == WHO else entry.values.get(name)
        made = made or vault.fingerprint(f"{name}/{old}/{new}")
        known = self._decided.get((entry.id, name, made))
        if known is not None:
            return known
        self._decided[entry.id, name, made] = state
        is_taken = state is DifferenceState.TAKEN
        self._differences.append(
            {
                "run_id": origin.run_id,
                "line": one.line,
                "person_id": entry.id,
                "field": name,
                "value_print": made,
                "sealed": vault.seal({"old": old, "new": new, "also": _also(name, one)}),
                "source": origin.source,
                "held_source": entry.sources.get(name, entry.source),
                "state": state,
                "found_at": origin.at,
                "found_by": origin.staff[:60],
                "decided_at": origin.at if is_taken else None,
                "decided_by": imports.BY_RANK if is_taken else "",
            }
        )
        return state


def _standing(entry: Entry) -> dict[str, str]:
    """What of a person is changed beside the values that the memory keeps."""
    return {
        "status": entry.status.value,
        "basis": entry.basis,
        "external_id": entry.external_id,
        "town": entry.town,
        "village": entry.village,
    }


def _also(name: str, one: Listed) -> dict[str, Any]:
    """What goes along with a value when it is taken."""
    return {_SPOKEN: one.texts[_SPOKEN]} if name == "home_place" and _SPOKEN in one.texts else {}


def hold(entry: Entry, codes: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    """Let a person have the values told; `codes` are those of them that are options."""
    texts = {name: value for name, value in told.items() if name not in codes}
    entry.texts = {**entry.texts, **texts}
    entry.codes = settled({**entry.codes, **codes}, entry.texts)
    entry.area = str(entry.codes.get("home_place") or entry.area)


def print_of(vault: Vault, one: Listed) -> str:
    """Of a whole row: what a human has said of it holds when it comes again."""
    return vault.fingerprint(f"{sorted(one.codes.items())}{sorted(one.texts.items())}")


def pack(one: Listed, origin: Origin) -> dict[str, Any]:
    """A person of a list as it is kept until a human has decided who it is."""
    return {**one._asdict(), "basis": origin.basis, "source": origin.source}


def unpack(packed: Mapping[str, Any]) -> tuple[Listed, str, Source]:
    """What `pack` kept: the person, the basis, the source."""
    values = dict(packed)
    basis, source = str(values.pop("basis")), Source(values.pop("source"))
    lists = {name: tuple(values.get(name, ())) for name in ("tags", "untags", "remarks")}
    return Listed(**{**values, **lists}), basis, source
