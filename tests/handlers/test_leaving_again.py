"""Who left after the back-up leaves again once it is taken back."""

from __future__ import annotations

from datetime import timedelta

from handlers import leaving_again
from handlers.leaving_again import Again
from records import audit
from records.people import Person, Status
from records.restoring import Left, left_as_told
from tests.handlers.support.talks import registered
from tests.handlers.support.walk import Walk


def _redo(walk: Walk, act: str, *, hours: int = 1) -> Again:
    [who] = walk.profiles()
    left = Left(act, who.id, walk.now + timedelta(hours=hours), "A1B2C3")
    how = {"since": walk.now, "counted": (), "now": walk.now + timedelta(days=1)}
    return walk.store.run(
        lambda s: leaving_again.redo(s, walk.store.vault, [left], **how)  # type: ignore[arg-type]
    )


def test_who_was_deleted_is_deleted_with_the_same_receipt() -> None:
    walk = registered()
    assert _redo(walk, "person.erased") == Again(1, 0)
    assert walk.profiles() == ()
    row = walk.store.run(lambda s: audit.by_receipt(s, "A1B2C3"))
    assert row is not None
    assert (row.act, row.actor) == ("person.erased", "system")


def test_consent_taken_back_since_is_taken_back() -> None:
    walk = registered()
    [who] = walk.profiles()
    assert _redo(walk, "consent.withdrawn") == Again(0, 1)
    row = walk.store.run(lambda s: s.get(Person, who.id))
    assert row is not None
    assert row.status == Status.WITHDRAWN


def test_who_agreed_anew_before_the_back_up_stays() -> None:
    walk = registered()
    assert _redo(walk, "consent.withdrawn", hours=-1) == Again(0, 0)
    assert len(walk.profiles()) == 1


def test_what_the_trail_printed_is_read() -> None:
    line = '{"id":1,"act":"%s","subject":"p","at":"2026-11-21T09:00:00+00:00","receipt":"R"}'
    told = [line % "person.erased", line % "person.read", ""]
    assert [one.act for one in left_as_told(told)] == ["person.erased"]
