"""An import taken back: who came by it goes, what it changed is set back; what moved on stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from records import audit, erasure, import_touches, listed_people, people, prints
from records.database import Session
from records.import_touches import ImportTouch
from records.listed_people import Entry
from records.people import ALL, Change, Person, Source, Status
from records.vault import Vault
from registry.people_columns import headings
from registry.people_matching import same
from registry.whereabouts import settled

# What the service itself keeps beside a new person: nobody has touched them by that.
_QUIET = frozenset(
    {
        *("person_change", "name_part", "known_name", "home_stay", "person_tag", "assignment"),
        *("call_back", "import_touch", "import_difference"),
    }
)
_FOLLOWED = {
    "visit": "已经联系过他",
    "enrolment": "他报了培训",
    "invitation": "请他参加过活动",
    "ticket": "他有诉求",
}


class Fate(StrEnum):
    """What becomes of a person when the import is taken back."""

    GONE = "删掉"
    BACK = "改回"
    PART = "改回一部分"
    STAYS = "没动"


@dataclass(frozen=True, slots=True)
class Undone:
    """One person, with the reasons for what stays as it is."""

    person_id: str
    fate: Fate
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Undo:
    """An import that is looked at, or taken back by somebody now."""

    run_id: int
    vault: Vault
    by: str
    now: datetime
    is_trial: bool


def everybody(session: Session, run_id: int) -> list[str]:
    """Whom it brought and whom it changed, in a steady order."""
    return sorted({*import_touches.new_people(session, run_id), *_changed(session, run_id)})


def some(session: Session, undo: Undo, ids: Iterable[str]) -> list[Undone]:
    """What becomes of these; done at once unless it is only looked at."""
    new, known = import_touches.new_people(session, undo.run_id), _changed(session, undo.run_id)
    ids = list(ids)
    followed = _followed(session, [who for who in ids if who in new])
    done = []
    for who in ids:
        if who in new:
            why = _changed_since(session, who, new[who]) or followed.get(who, "")
            done.append(_removed(session, undo, who, why))
        elif who in known:
            done.append(_set_back(session, undo, who, known[who]))
    return done


def end(session: Session, undo: Undo) -> None:
    """What the list left open to be decided is not asked any more."""
    import_touches.drop_questions(session, undo.run_id)
    _note(session, undo, "import.undone", f"import:{undo.run_id}")


def _changed(session: Session, run_id: int) -> Mapping[str, ImportTouch]:
    return import_touches.changed(session, run_id)


def _removed(session: Session, undo: Undo, who: str, why: str) -> Undone:
    if why:
        return Undone(who, Fate.STAYS, (why,))
    if not undo.is_trial:
        # Nobody wished it: a mended list may bring them again.
        erasure.erase(session, who, counted=(), at=undo.now, is_wish=False)
        _note(session, undo, "import.person_removed", who)
    return Undone(who, Fate.GONE)


def _changed_since(session: Session, who: str, at: datetime) -> str:
    """What has become of their own record since, "" for nothing."""
    row = session.get(Person, who)
    if row is None or row.status != Status.CONFIRMED:
        return "已经退出登记或者已故"
    if row.account:
        return "本人已经自己来登记了"
    return "导入以后改过他的资料" if row.updated_at != at else ""


def _followed(session: Session, ids: list[str]) -> dict[str, str]:
    """With whom of these somebody has done something since, and what."""
    return {
        who: _FOLLOWED.get(table, "已经有人在跟进他")
        for table, who in import_touches.beside(session, ids, _QUIET)
    }


def _set_back(session: Session, undo: Undo, who: str, touch: ImportTouch) -> Undone:
    entry = listed_people.one(session, undo.vault, who)
    if entry is None or entry.status is not Status.CONFIRMED:
        return Undone(who, Fate.STAYS, ("已经退出登记或者已故",))
    back, why = _values(entry, people.memory_of(session, undo.vault, who), touch.at)
    is_as_left = people.told_at(session, [who])[who] == touch.at
    was_pending = touch.before["status"] == Status.PENDING
    if was_pending and not is_as_left:
        why.append("确认登记以后又动过，仍算登记")
    if not back and not is_as_left:
        return Undone(who, Fate.STAYS, tuple(why) or ("后来又改过",))
    if not undo.is_trial:
        _hold(entry, back)
        if is_as_left:
            _stand(entry, touch.before)
        entry.prints = prints.of(undo.vault, entry.texts, entry.area)
        _write(session, undo, entry, back, touch)
    return Undone(who, Fate.PART if why else Fate.BACK, tuple(why))


def _values(
    entry: Entry, memory: list[Change], at: datetime
) -> tuple[dict[str, Change | None], list[str]]:
    """What each field was before, None where nothing was held; what has changed since."""
    back: dict[str, Change | None] = {}
    why = []
    for one in memory:
        if one.at != at or one.source is not Source.BULK:
            continue
        of_field = [each for each in memory if each.field == one.field]
        is_last = of_field[-1] is one
        if not is_last or not same(one.field, entry.values.get(one.field), one.value):
            why.append(f"“{headings().get(one.field, one.field)}”后来又改过，没有动")
            continue
        back[one.field] = of_field[-2] if len(of_field) > 1 else None
    return back, why


def _hold(entry: Entry, back: Mapping[str, Change | None]) -> None:
    for name, was in back.items():
        held = entry.codes if name in entry.codes else entry.texts
        held.pop(name, None)
        if was is not None and was.value is not None:
            held[name] = was.value
    entry.codes = settled(entry.codes, entry.texts)
    entry.area = str(entry.codes.get("home_place") or entry.area)


def _stand(entry: Entry, before: Mapping[str, Any]) -> None:
    entry.status, entry.basis = Status(before["status"]), str(before["basis"])
    entry.external_id = str(before["external_id"])
    entry.town, entry.village = str(before["town"]), str(before["village"])


def _write(
    session: Session,
    undo: Undo,
    entry: Entry,
    back: Mapping[str, Change | None],
    touch: ImportTouch,
) -> None:
    session.expire_all()
    listed_people.amend_all(session, undo.vault, [entry], at=undo.now)
    if entry.status is Status.PENDING:  # as before: erased unless they agree in time
        import_touches.erase_by(session, entry.id, touch.at + people.PENDING_LIFE)
    rows = [
        (entry.id, ALL, undo.vault.seal({name: value}), source, undo.now)
        for name, (value, source) in _before(back).items()
    ]
    listed_people.remember(session, rows)
    import_touches.end_signed(session, entry.id, given=touch.at, ended=undo.now)
    import_touches.forget(session, undo.run_id, [entry.id])
    _note(session, undo, "import.person_set_back", entry.id)


def _before(back: Mapping[str, Change | None]) -> dict[str, tuple[Any, Source]]:
    """What was held, and who had said it; nothing, where the list was the first to say it."""
    nothing = (None, Source.BULK)
    return {name: (was.value, was.source) if was else nothing for name, was in back.items()}


def _note(session: Session, undo: Undo, act: str, subject: str) -> None:
    audit.write(session, act, at=undo.now, actor=audit.actor_of(undo.by), subject=subject)
