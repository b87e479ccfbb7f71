"""A case on its way: from a lead to 典型 by a second person, its text written and reviewed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from outreach import alerts
from outreach.cases import publishing, recalling
from outreach.texts import say
from records import audit, cases, rights, scope, staff_accounts
from records.cases import Case, NewCase, Step, Text, Tier
from records.database import Session
from records.rights import Right
from records.staff_accounts import Staff
from records.vault import Vault


class Bar(StrEnum):
    """Why a step cannot be taken; the value is what staff read."""

    SAME = "已经在这一档了"
    STEPWISE = "要先到培育，再到典型"
    PROPOSED = "已经报了典型，等另一位同事同意"
    NOT_PROPOSED = "没有等人同意的典型推荐"
    SELF = "报的人自己不算，要另一位同事同意"
    NO_TEXT = "还没写题目或故事"
    NOT_WRITTEN = "没有等着审的文字"
    OWN_TEXT = "写的人自己不能审，要另一位同事审"
    NOT_TYPICAL = "还不是典型"


class CaseRefused(Exception):
    """It cannot be done with this case; one sentence for operators."""


def add(session: Session, vault: Vault, new: NewCase, *, by: str, now: datetime) -> int:
    """A lead; its number."""
    number = cases.add(session, vault, new, now)
    case = _case(session, vault, number)
    cases.note(session, vault, case, Step.MOVED, staff=by, at=now, tier=Tier.LEAD.value)
    _audit(session, "case.added", case, by, now)
    return number


def bar_to_move(case: Case, tier: Tier) -> Bar | None:
    """Why a case cannot go to this tier now."""
    if case.tier is tier:
        return Bar.SAME
    if tier is not Tier.TYPICAL:
        return None
    if case.tier is Tier.LEAD:
        return Bar.STEPWISE
    return Bar.PROPOSED if case.proposed_by else None


def move(
    session: Session, vault: Vault, number: int, tier: Tier, *, why: str, by: str, now: datetime
) -> None:
    """To another tier; to 典型 only once a second person agrees."""
    case = _case(session, vault, number)
    _refuse(bar_to_move(case, tier), case)
    if tier is Tier.TYPICAL:
        cases.change(session, number, proposed_by=by)
        cases.note(session, vault, case, Step.PROPOSED, staff=by, at=now, tier=tier.value, why=why)
        _ask_a_second(session, vault, case, by, now)
    else:
        cases.change(session, number, tier=tier.value, proposed_by="")
        cases.note(session, vault, case, Step.MOVED, staff=by, at=now, tier=tier.value, why=why)
        recalling.call_back(session, vault, now)
    _audit(session, "case.moved", case, by, now)


def bar_to_agree(case: Case, by: str) -> Bar | None:
    """Why this member of staff cannot make it a 典型 now."""
    if not case.proposed_by:
        return Bar.NOT_PROPOSED
    return Bar.SELF if case.proposed_by == by else None


def agree(session: Session, vault: Vault, number: int, *, by: str, now: datetime) -> None:
    """A second of the staff agrees: it is a 典型."""
    case = _case(session, vault, number)
    _refuse(bar_to_agree(case, by), case)
    tier = Tier.TYPICAL.value
    cases.change(session, number, tier=tier, proposed_by="")
    cases.note(session, vault, case, Step.MOVED, staff=by, at=now, tier=tier)
    _audit(session, "case.moved", case, by, now)


def write(
    session: Session, vault: Vault, number: int, text: Text, *, by: str, now: datetime
) -> None:
    """Another text; it is not published until somebody else has read it."""
    case = _case(session, vault, number)
    cases.write(session, vault, number, text)
    cases.change(session, number, written_by=by, reviewed_by="")
    cases.note(session, vault, case, Step.WRITTEN, staff=by, at=now)
    _audit(session, "case.written", case, by, now)


def bar_to_review(case: Case, by: str) -> Bar | None:
    """Why this member of staff cannot pass the text now."""
    if not case.text.title or not case.text.story:
        return Bar.NO_TEXT
    if case.reviewed_by or not case.written_by:
        return Bar.NOT_WRITTEN
    return Bar.OWN_TEXT if case.written_by == by else None


def review(session: Session, vault: Vault, number: int, *, by: str, now: datetime) -> None:
    """Another of the staff passes the text; CaseRefused where it tells too much."""
    case = _case(session, vault, number)
    _refuse(bar_to_review(case, by), case)
    if found := publishing.given_away(session, vault, case):
        raise CaseRefused(f"case {number}: the text gives away {'、'.join(found)}")
    cases.change(session, number, reviewed_by=by)
    cases.note(session, vault, case, Step.REVIEWED, staff=by, at=now)
    _audit(session, "case.reviewed", case, by, now)


def hold_back(
    session: Session, vault: Vault, number: int, *, why: str, by: str, now: datetime
) -> int:
    """The text is not published any more, and who keeps a card is told; how many."""
    case = _case(session, vault, number)
    cases.change(session, number, reviewed_by="")
    cases.note(session, vault, case, Step.HELD_BACK, staff=by, at=now, why=why)
    _audit(session, "case.held_back", case, by, now)
    return recalling.call_back(session, vault, now)


def nominate(
    session: Session, vault: Vault, number: int, *, why: str, by: str, now: datetime
) -> None:
    """Put forward for a commendation (domain S0-19)."""
    case = _case(session, vault, number)
    _refuse(None if case.tier is Tier.TYPICAL else Bar.NOT_TYPICAL, case)
    cases.note(session, vault, case, Step.NOMINATED, staff=by, at=now, why=why)
    _audit(session, "case.nominated", case, by, now)


def may_decide(session: Session, staff: Staff, person_id: str) -> bool:
    """Whether somebody of the staff may agree to or review the case of this person."""
    is_judge = rights.may(staff, Right.JUDGE_CASES)
    return is_judge and scope.may_see_person(session, staff.area, person_id)


def _ask_a_second(session: Session, vault: Vault, case: Case, by: str, now: datetime) -> None:
    text = say("case.agree", name=by, number=case.number)
    for staff in staff_accounts.everybody(session):
        if staff.name != by and may_decide(session, staff, case.person_id):
            key = f"case/{case.number}/agree/{now:%y%m%d%H%M%S}/{vault.fingerprint(staff.name)}"
            alerts.write_to(session, vault, staff.name, text, key=key[:110], now=now)


def _case(session: Session, vault: Vault, number: int) -> Case:
    case = cases.find(session, vault, number, locks=True)
    if case is None:
        raise CaseRefused(f"there is no case {number}: `guiyan case list` shows them")
    return case


def _refuse(bar: Bar | None, case: Case) -> None:
    if bar is not None:
        raise CaseRefused(f"case {case.number}: {bar.value}")


def _audit(session: Session, act: str, case: Case, by: str, now: datetime) -> None:
    audit.write(session, act, at=now, actor=f"staff:{by}"[:60], subject=case.person_id)
