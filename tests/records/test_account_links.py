"""Links between accounts: one use of a code, counted failures, nothing left after a deletion."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from records import account_links, erasure, people
from records.account_links import AccountLink, Link, LinkCode, LinkTry, Offer, Patience, Proof
from records.consents import CORE, Said
from records.conversations import Overtaken
from records.database import Database, Session
from records.people import Entered, Person
from records.vault import Vault

HOME, WEB, KF = "telegram:1", "webchat:2", "wecom_kf:3"
TEN = timedelta(minutes=10)
GUESSED = {"a name": Patience(3, TEN)}


def _enter(session: Session, vault: Vault, name: str, account: str, now: datetime) -> None:
    texts = {"nickname": "老 王", "phone": "13900001234"}
    entered = Entered(codes={}, texts=texts, said=(Said(CORE, True, now),))
    people.enter(session, vault, name, entered, at=now, account=account)


def _link(
    session: Session, account: str, person_id: str, now: datetime, proof: Proof = Proof.CODE
) -> None:
    account_links.link(session, Link(account, person_id, HOME, proof, now))


def _show(session: Session, code: str, home: str, person_id: str, now: datetime) -> None:
    account_links.show(session, code, Offer(home, person_id, now + TEN), now)


async def test_a_linked_account_sees_the_record_and_others_do_not(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_enter, vault, "wang", HOME, now)
    await database.run(_link, WEB, "wang", now)
    found = await database.read(people.profiles_of, vault, [HOME, WEB, KF])
    assert {key: [p.id for p in each] for key, each in found.items()} == {
        HOME: ["wang"],
        WEB: ["wang"],
    }


async def test_of_two_who_type_a_code_at_once_one_is_linked(
    database: Database, now: datetime
) -> None:
    await database.run(_show, "print", HOME, "wang", now)
    redeem = (database.run(account_links.redeem, "print", now) for _ in range(2))
    done = await asyncio.gather(*redeem, return_exceptions=True)
    assert sorted(type(each).__name__ for each in done) == ["NoneType", "Overtaken"]


async def test_a_code_that_is_anothers_is_not_shown_again(
    database: Database, now: datetime
) -> None:
    await database.run(_show, "print", HOME, "wang", now)
    with pytest.raises(Overtaken):
        await database.run(_show, "print", KF, "li", now)
    await database.run(_show, "print", KF, "li", now + TEN)  # the first one's time is over


@pytest.mark.parametrize(("waited", "is_paused"), [(59, True), (60, False)])
async def test_who_failed_five_times_waits_an_hour(
    database: Database, now: datetime, waited: int, is_paused: bool
) -> None:
    tries = {WEB: account_links.ACCOUNT}
    for minute in range(5):
        assert await database.read(account_links.paused, tries, now) == set()
        await database.run(account_links.fail, tries, now + timedelta(seconds=minute))
    later = now + timedelta(minutes=waited)
    assert await database.read(account_links.paused, tries, later) == (
        {WEB} if is_paused else set()
    )


async def test_failures_of_long_ago_do_not_count(database: Database, now: datetime) -> None:
    tries = {WEB: Patience(2, TEN)}
    await database.run(account_links.fail, tries, now)
    await database.run(account_links.fail, tries, now + TEN)
    assert await database.read(account_links.paused, tries, now + TEN) == set()


async def test_who_registers_on_either_of_two_accounts_is_known_on_both(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_link, WEB, "", now)
    await database.run(_enter, vault, "wang", WEB, now)
    await database.run(account_links.settle, WEB, "wang")
    await database.run(_enter, vault, "li", WEB, now)
    await database.run(account_links.settle, WEB, "li")
    found = await database.read(people.profiles_of, vault, [HOME])
    assert [p.id for p in found[HOME]] == ["wang"]


async def test_a_stronger_proof_replaces_a_weaker_and_not_the_reverse(
    database: Database, now: datetime
) -> None:
    for proof in (Proof.PHONE, Proof.CODE, Proof.PHONE):
        await database.run(_link, WEB, "wang", now, proof)
    [link] = await database.read(account_links.of, [WEB])
    assert link.proof is Proof.CODE


async def test_the_home_can_move_to_a_linked_account(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_enter, vault, "wang", HOME, now)
    for account in (WEB, KF):
        await database.run(_link, account, "wang", now)
    await database.run(account_links.move_home, "wang", WEB)
    links = await database.read(account_links.of_people, ["wang"])
    assert [(link.account, link.home) for link in links] == [(KF, WEB)]


async def test_nothing_is_left_of_an_erased_person(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_enter, vault, "wang", HOME, now)
    await database.run(_link, WEB, "wang", now)
    await database.run(_show, "print", WEB, "wang", now)
    await database.run(lambda s: erasure.erase(s, "wang", counted=(), at=now))
    assert [await database.read(_count, table) for table in (AccountLink, LinkCode)] == [0, 0]


async def test_what_is_over_is_pruned(database: Database, now: datetime) -> None:
    await database.run(_link, WEB, "", now)
    await database.run(_link, KF, "wang", now)
    await database.run(_show, "print", HOME, "", now)
    await database.run(account_links.fail, {WEB: account_links.ACCOUNT}, now)
    assert await database.run(account_links.prune, now) == 0
    assert await database.run(account_links.prune, now + timedelta(days=30)) == 3
    assert [await database.read(_count, t) for t in (AccountLink, LinkCode, LinkTry)] == [1, 0, 0]


async def test_records_of_before_are_found_once_their_fingerprints_are_made(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_enter, vault, "wang", HOME, now)
    await database.run(lambda s: s.execute(update(Person).values(proof_print=None)))
    proof = ("1234", "老王")
    assert await database.read(people.with_proof, vault, [proof]) == {}
    assert await database.run(people.print_proofs, vault, 10) == 1
    assert len((await database.read(people.with_proof, vault, [proof]))[proof]) == 1
    assert await database.run(people.print_proofs, vault, 10) == 0


def _count(session: Session, table: type) -> int:
    return len(list(session.execute(select(table)).scalars()))


async def test_of_many_wrong_proofs_at_once_no_more_are_answered_than_in_a_row(
    database: Database, now: datetime
) -> None:
    def wrong(session: Session) -> None:
        account_links.still_believed(session, GUESSED, now)
        account_links.fail(session, GUESSED, now)

    done = await asyncio.gather(*(database.run(wrong) for _ in range(20)), return_exceptions=True)
    assert [type(each) for each in done].count(Overtaken) == 20 - GUESSED["a name"].most


async def test_of_many_right_proofs_at_once_nothing_is_kept(
    database: Database, now: datetime
) -> None:
    def right(session: Session) -> None:
        account_links.still_believed(session, GUESSED, now)
        account_links.forget_untried(session, GUESSED)

    await asyncio.gather(*(database.run(right) for _ in range(20)))
    assert await database.read(_count, LinkTry) == 0


async def test_a_right_proof_is_not_believed_after_too_many_wrong_ones(
    database: Database, now: datetime
) -> None:
    await database.run(account_links.still_believed, GUESSED, now)
    for _ in range(GUESSED["a name"].most):
        await database.run(account_links.fail, GUESSED, now)
    with pytest.raises(Overtaken):
        await database.run(account_links.still_believed, GUESSED, now)
