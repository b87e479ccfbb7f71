"""Writing down who a campaign is for: one row a person, or why not, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlmodel import Session

from records import own_days
from records.account_links import AccountLink
from records.campaigns import (
    Campaign,
    CampaignRecipient,
    CampaignWave,
    Reason,
    RecipientState,
)
from records.consents import PUSH, Consent
from records.conversations import Conversation
from records.dialect import insert_of
from records.drawing import drawn, lot
from records.own_days import Turns
from records.people import Person, Status
from records.stops import PushStop
from records.types import UtcDateTime

_OF_HOLDOUT, _OF_VARIANT, _OF_WAVE = range(3)  # which of a person's lots decides what
NIGHT_SHIFT = timedelta(hours=4)  # so much earlier is the free time before such a shift

_PEOPLE, _TALKS = Person.__table__, Conversation.__table__  # type: ignore[attr-defined]
_LINKS, _SAID = AccountLink.__table__, Consent.__table__  # type: ignore[attr-defined]
_STOPS = PushStop.__table__  # type: ignore[attr-defined]
_RECIPIENTS = CampaignRecipient.__table__  # type: ignore[attr-defined]
_CAMPAIGNS = Campaign.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """By what a page is written: whom the audience means, the channels in service, and the lots.

    `refuses` is true for those who want nothing of the campaign's topic; `turns` are of the waves
    that go by a day of people's own.
    """

    campaign: int
    meant: ColumnElement[bool]
    served: tuple[str, ...]
    waves: tuple[CampaignWave, ...]
    holdout: int
    second: int
    now: datetime
    refuses: ColumnElement[bool] | None = None
    turns: tuple[Turns, ...] = ()


def page(session: Session, terms: Terms, many: int) -> bool:
    """Write down so many people more by id; False when there are none left to look at."""
    begin = session.execute(
        select(_CAMPAIGNS.c.frozen_up_to).where(_CAMPAIGNS.c.id == terms.campaign)
    ).scalar_one()
    end = end_of_page(session, begin, many)
    if not end:
        return False
    writing = _writing(terms, session.connection().dialect.name)
    session.connection().execute(writing, {"begin": begin, "end": end})
    session.execute(
        update(_CAMPAIGNS).where(_CAMPAIGNS.c.id == terms.campaign).values(frozen_up_to=end)
    )
    return True


@lru_cache(maxsize=4)
def _writing(terms: Terms, dialect: str) -> Any:
    """Everybody of a page written down: built once for all pages of a freeze."""
    rows = _rows(terms, of_page(bindparam("begin"), bindparam("end")))
    into = insert_of(dialect, _RECIPIENTS)
    into = into.from_select([c.name for c in rows.selected_columns], rows)
    return _once(into, again=bool(terms.turns))


def _once(into: Any, *, again: bool) -> Any:
    """Who is on the list stays as they are, but who is told `again` of a day that was missing."""
    key = ["campaign_id", "person_id"]
    if not again:
        return into.on_conflict_do_nothing(index_elements=key)
    had_no_day = _RECIPIENTS.c.reason == Reason.NO_DAY.value
    names = ("wave", "variant", "channel", "account", "state", "reason", "due")
    new = {name: into.excluded[name] for name in names}
    return into.on_conflict_do_update(index_elements=key, set_=new, where=had_no_day)


def end_of_page(session: Session, begin: str, many: int) -> str:
    """The last of so many people behind one, "" where there are none left."""
    after = select(_PEOPLE.c.id).where(_PEOPLE.c.id > begin).order_by(_PEOPLE.c.id).limit(many)
    ids = after.subquery()
    return session.execute(select(func.max(ids.c.id))).scalar_one() or ""


def of_page(begin: Any, end: Any) -> ColumnElement[bool]:
    """The people of a page."""
    return and_(_PEOPLE.c.id > begin, _PEOPLE.c.id <= end)


def _rows(terms: Terms, bounds: ColumnElement[bool]) -> Select[Any]:
    seen = looked_at(terms, bounds).cte("seen").prefix_with("MATERIALIZED")
    why = why_of(seen)
    is_held_out = seen.c.lot < terms.holdout
    state = case(
        (why != "", RecipientState.LEFT_OUT.value),
        (is_held_out, RecipientState.HELD_OUT.value),
        else_=RecipientState.PLANNED.value,
    )
    return select(
        literal(terms.campaign).label("campaign_id"),
        seen.c.id.label("person_id"),
        seen.c.wave,
        variant_of(terms, seen).label("variant"),
        channel_of(terms, seen).label("channel"),
        seen.c.way.label("account"),
        state.label("state"),
        why.label("reason"),
        case((why == "", _due(terms, seen)), else_=null()).label("due"),
    ).where(seen.c.id != "")  # SQLite: else ON CONFLICT would be the ON of a join


def looked_at(terms: Terms, bounds: ColumnElement[bool]) -> Select[Any]:
    """What decides about each person, worked out once."""
    lots = _lots(terms, bounds)
    wave = _wave(terms, lot(lots.c.lots, _OF_WAVE))
    seen: Select[Any] = _with_turns(
        terms, wave, _PEOPLE.join(lots, lots.c.id == _PEOPLE.c.id)
    ).add_columns(
        _PEOPLE.c.id,
        _PEOPLE.c.status,
        _PEOPLE.c.codes["contact_time"].as_string().label("hours"),
        _is_stopped(terms.now).label("is_stopped"),
        _has_agreed().label("has_agreed"),
        (literal(False) if terms.refuses is None else terms.refuses).label("refuses"),
        or_(_PEOPLE.c.account != "", _mine(_LINKS)).label("has_account"),
        func.coalesce(_own(terms.served), _linked(terms.served), "").label("way"),
        lot(lots.c.lots, _OF_HOLDOUT).label("lot"),
        lot(lots.c.lots, _OF_VARIANT).label("variant_lot"),
        wave.label("wave"),
    )
    return seen


def _lots(terms: Terms, bounds: ColumnElement[bool]) -> Any:
    """Whom the audience means, and what each draws, if anything is decided by lot.

    A table of its own: a draw that stands in a condition would be made again with each look at it.
    """
    is_by_lot = terms.holdout or terms.second or len(terms.waves) > 1
    draw = drawn(literal(f"{terms.campaign}/") + _PEOPLE.c.id) if is_by_lot else literal(0)
    meant = (bounds, terms.meant, _PEOPLE.c.status != Status.WITHDRAWN.value)
    found = select(_PEOPLE.c.id, draw.label("lots")).where(*meant)
    return found.cte("meant").prefix_with("MATERIALIZED")


def why_of(seen: Any) -> ColumnElement[str]:
    """The reason to leave somebody out, "" where there is none; the gravest first."""
    return case(
        (seen.c.status == Status.DECEASED.value, Reason.DECEASED.value),
        (seen.c.is_stopped, Reason.OPTED_OUT.value),
        (seen.c.status == Status.PENDING.value, Reason.PENDING.value),
        (~seen.c.has_agreed, Reason.NOT_AGREED.value),
        (seen.c.refuses, Reason.TOPIC.value),
        (~seen.c.has_account, Reason.NO_ACCOUNT.value),
        (seen.c.way == "", Reason.UNREACHABLE.value),
        else_=seen.c.off_day,
    )


def _with_turns(terms: Terms, wave: ColumnElement[int], people: Any) -> Any:
    """When each person's wave goes by a day of their own, and why it cannot."""
    if not terms.turns:
        nothing = literal(None, UtcDateTime)
        none = (literal("").label("off_day"), nothing.label("own_due"), nothing.label("own_early"))
        return select(*none).select_from(people)
    own, day = own_days.table(terms.turns), own_days.of_wave(terms.turns, wave)
    why = own_days.why_not(terms.turns, wave, day, own.c.day.is_not(None))
    found = (why.label("off_day"), own.c.at.label("own_due"), own.c.early.label("own_early"))
    joined = people.outerjoin(own, and_(own.c.wave == wave, own.c.day == day))
    return select(*found).select_from(joined)


def _wave(terms: Terms, lot: ColumnElement[int]) -> ColumnElement[int]:
    """The wave whose share of a hundred lots the person's lies in."""
    cases, total = [], 0
    for wave in terms.waves:
        total += wave.share
        cases.append((lot < total, literal(wave.number)))
    return case(*cases, else_=literal(terms.waves[-1].number)) if cases else literal(0)


def _due(terms: Terms, seen: Any) -> ColumnElement[datetime]:
    is_at_night = seen.c.hours == "night_shift"
    cases = [
        (and_(seen.c.own_due.is_not(None), is_at_night), seen.c.own_early),
        (seen.c.own_due.is_not(None), seen.c.own_due),
    ]
    for one in terms.waves:
        if one.is_evening:
            earlier = literal(one.at - NIGHT_SHIFT, UtcDateTime)
            cases.append((and_(seen.c.wave == one.number, is_at_night), earlier))
        cases.append((seen.c.wave == one.number, literal(one.at, UtcDateTime)))
    return case(*cases)


def variant_of(terms: Terms, seen: Any) -> ColumnElement[str]:
    """Which wording somebody drew."""
    return case((seen.c.variant_lot < terms.second, "B"), else_="A")


def channel_of(terms: Terms, seen: Any) -> ColumnElement[str]:
    """By which channel somebody is written to."""
    way = seen.c.way
    return case(
        *((way.startswith(f"{one}:", autoescape=True), one) for one in terms.served), else_=""
    )


def _own(served: Sequence[str]) -> Any:
    """The account that they registered on, if it can be written to."""
    here = select(_TALKS.c.key).where(_TALKS.c.key == _PEOPLE.c.account, *_may_be_reached(served))
    return here.limit(1).scalar_subquery()


def _linked(served: Sequence[str]) -> Any:
    """The linked one that was used last."""
    found = (
        select(_TALKS.c.key)
        .join(_LINKS, _LINKS.c.account == _TALKS.c.key)
        .where(_LINKS.c.person_id == _PEOPLE.c.id, *_may_be_reached(served))
    )
    return found.order_by(_TALKS.c.updated_at.desc(), _TALKS.c.key).limit(1).scalar_subquery()


def _may_be_reached(served: Sequence[str]) -> list[ColumnElement[bool]]:
    return [
        _TALKS.c.unreachable == "",
        _TALKS.c.forget_at.is_(None),
        _TALKS.c.is_group.is_(False),
        _TALKS.c.channel.in_(served),
    ]


def _has_agreed() -> ColumnElement[bool]:
    last = (_SAID.c.kind == PUSH, _SAID.c.given.is_(True), _SAID.c.ended_at.is_(None))
    return _mine(_SAID, *last)


def _is_stopped(now: datetime) -> ColumnElement[bool]:
    """Said stop on any of their accounts, or for their phone."""
    holds = or_(_STOPS.c.until.is_(None), _STOPS.c.until > now)
    own = [
        and_(column != "", exists().where(_STOPS.c.target == column, holds))
        for column in (_PEOPLE.c.account, _PEOPLE.c.phone_print)
    ]
    linked = exists(
        select(_STOPS.c.target)
        .join(_LINKS, _LINKS.c.account == _STOPS.c.target)
        .where(_LINKS.c.person_id == _PEOPLE.c.id, holds)
    )
    return or_(*own, linked)


def _mine(table: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(table.c.person_id).where(table.c.person_id == _PEOPLE.c.id, *conditions))
