"""Requests about personal data: receipt, two clocks, a reason, and the proof (P-15, P-25)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers import privacy_desk
from handlers.desk import Clerk
from handlers.forms.form import shipped_forms
from handlers.privacy_desk import NewRequest, RequestRefused
from outreach.privacy import ledger
from records import audit, privacy_requests
from records.database import Session
from records.people import Person, Status
from records.privacy_requests import Outcome, Request, RequestKind
from tests.handlers.support.talks import registered
from tests.handlers.support.walk import OFFICE, Walk, sent_to

CLERK = Clerk("王芳", "王芳")
DAY = timedelta(days=1)


def _asked(walk: Walk, kind: RequestKind) -> str:
    [who] = walk.profiles()
    new = NewRequest(kind, "来人要求", "counter", who.id)
    vault = walk.store.vault
    return walk.store.run(
        lambda s: privacy_desk.take_in(s, vault, new, token="t", by="王芳", now=walk.now)
    )


def _found(walk: Walk, number: str) -> Request:
    found = walk.store.run(lambda s: privacy_requests.find(s, walk.store.vault, number))
    assert found is not None
    return found


def _settle(walk: Walk, number: str, outcome: Outcome, reason: str = "") -> None:
    how = {"reason": reason, "clerk": CLERK, "now": walk.now}
    walk.store.run(
        lambda s: privacy_desk.settle(s, walk.store.vault, number, outcome, **how)  # type: ignore[arg-type]
    )


def test_it_has_a_receipt_and_two_clocks() -> None:
    walk = registered()
    found = _found(walk, _asked(walk, RequestKind.ACCESS))
    assert len(found.ticket.number) == 6
    assert privacy_desk.promised(found.ticket).promised.days == 3
    assert not privacy_desk.limit(found.ticket).is_late(walk.now + 20 * DAY)
    assert privacy_desk.promised(found.ticket).is_late(walk.now + 6 * DAY)
    assert privacy_desk.limit(found.ticket).is_late(walk.now + 22 * DAY)


def test_a_refusal_has_a_reason_that_the_person_reads() -> None:
    walk = registered()
    number = _asked(walk, RequestKind.CORRECTION)
    with pytest.raises(RequestRefused, match="写明理由"):
        _settle(walk, number, Outcome.REFUSED, " ")
    _settle(walk, number, Outcome.REFUSED, "档案原件就是这个日期")
    found = _found(walk, number)
    assert (found.outcome, found.reason) == (Outcome.REFUSED, "档案原件就是这个日期")
    assert any("档案原件" in text for text in sent_to(walk.store, walk.chat))


def test_what_is_settled_cannot_be_settled_again() -> None:
    walk = registered()
    number = _asked(walk, RequestKind.COMPLAINT)
    _settle(walk, number, Outcome.DONE)
    with pytest.raises(RequestRefused, match="已经办结"):
        _settle(walk, number, Outcome.DONE)


def _erase(walk: Walk, number: str) -> None:
    how = {"counted": (), "clerk": CLERK, "now": walk.now}
    walk.store.run(lambda s: privacy_desk.erase(s, walk.store.vault, number, **how))  # type: ignore[arg-type]


def test_a_deletion_leaves_the_proof_and_nothing_else() -> None:
    walk = registered()
    [who] = walk.profiles()
    number = _asked(walk, RequestKind.DELETION)
    _erase(walk, number)
    assert walk.store.run(lambda s: s.get(Person, who.id)) is None
    found = _found(walk, number)
    assert (found.outcome, found.decided_by, found.ticket.person_id) == (Outcome.DONE, "王芳", "")
    row = walk.store.run(lambda s: audit.by_receipt(s, number))
    assert row is not None
    assert row.act == "person.erased"
    assert any(number in text for text in sent_to(walk.store, walk.chat))


def test_proofs_of_consent_outlive_a_deletion_and_end_with_it() -> None:
    walk = registered()
    [who] = walk.profiles()
    _erase(walk, _asked(walk, RequestKind.DELETION))
    entries = walk.store.run(lambda s: ledger.of_person(s, who.id))
    assert {one.kind for one in entries} == {"core", "push"}
    assert all(one.kept_until == walk.now + 3 * 365 * DAY for one in entries)


def test_nobody_is_deleted_by_another_request() -> None:
    walk = registered()
    number = _asked(walk, RequestKind.ACCESS)
    with pytest.raises(RequestRefused, match="不是删除请求"):
        _erase(walk, number)


def test_who_has_died_gets_no_message_any_more() -> None:
    walk = registered()
    [who] = walk.profiles()
    number = _asked(walk, RequestKind.RELATIVE)
    vault = walk.store.vault
    walk.store.run(lambda s: privacy_desk.mark_died(s, vault, number, clerk=CLERK, now=walk.now))
    row = walk.store.run(lambda s: s.get(Person, who.id))
    assert row is not None
    assert row.status == Status.DECEASED


def test_a_copy_holds_all_and_is_in_the_trail() -> None:
    walk = registered()
    [who] = walk.profiles()

    def copy(session: Session) -> str:
        return privacy_desk.copy_of(
            session,
            walk.store.vault,
            who.id,
            answerer=walk.answerer,
            office=OFFICE,
            forms=shipped_forms(),
            by="王芳",
            now=walk.now,
        )

    text = walk.store.run(copy)
    assert who.phone in text
    assert who.nickname in text
    assert "同意" in text
    acts = [row.act for row in walk.store.run(lambda s: audit.of(s, who.id))]
    assert "person.copied" in acts


def test_a_request_by_chat_is_sorted_before_it_is_settled() -> None:
    walk = registered()
    number = _asked(walk, RequestKind.ACCESS)
    with pytest.raises(RequestRefused, match="没有这个回执号"):
        _settle(walk, "ZZZZZZ", Outcome.DONE)
    walk.store.run(
        lambda s: privacy_desk.sort(
            s, walk.store.vault, number, RequestKind.CORRECTION, by="王芳", now=walk.now
        )
    )
    assert _found(walk, number).kind is RequestKind.CORRECTION


def test_a_registered_person_is_found_by_the_ledger_with_the_wording() -> None:
    walk = registered()
    [who] = walk.profiles()
    counts = walk.store.run(lambda s: ledger.counts(s))
    assert {(one.kind, one.given) for one in counts} == {("core", 1), ("push", 1)}
    everybody = Person.__table__.c.id != ""  # type: ignore[attr-defined]
    listed = walk.store.run(lambda s: ledger.listed(s, everybody))
    assert [one.person_id for one in listed] == [who.id, who.id]
