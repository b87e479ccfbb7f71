"""Tells those who asked in vain that there is an answer now; who asked is then forgotten."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from knowledge.answer import Answer, Answerer
from knowledge.changes import shown
from knowledge.entry import TALK, Entry
from knowledge.quoting import is_masked, one_line, parted, unmasked
from knowledge.text import letters
from outreach.calendars import CHINA, spoken
from outreach.pieces import parts
from outreach.pushes import Reach, a_push, reach
from outreach.reach import ALL, Lines
from outreach.texts import say
from records import gaps, outbox, told
from records.database import Session
from records.gaps import Asker
from records.messages import Option
from records.outbox import NewOutgoing
from records.told import Told
from records.vault import Vault

_QUOTED = 20  # characters of the question that remind of it
_MOST = 2  # messages of one answer (domain M-03)


@dataclass(frozen=True, slots=True)
class Reply:
    """What an asker is told: the messages, and the entries that they rest on."""

    asker: Asker
    texts: tuple[str, ...]
    entries: tuple[str, ...]


def replies(askers: Iterable[Asker], answerer: Answerer, now: datetime) -> list[Reply]:
    """One for each conversation and gap, to its latest question; none where nothing is served."""
    latest = {(asker.conversation, asker.gap): asker for asker in askers}
    entries = answerer.library.entries
    today = now.astimezone(CHINA).date()
    return [
        _reply(asker, entries[asker.entry], answerer, now)
        for asker in latest.values()
        if asker.entry in entries and entries[asker.entry].is_served(today)
    ]


def tell(
    session: Session, vault: Vault, found: Sequence[Reply], now: datetime, lines: Lines = ALL
) -> dict[str, int]:
    """Queue the messages for who may be written to now; who never may is not asked for again."""
    may = reach(session, vault, [reply.asker.conversation for reply in found], now, lines)
    accounts = {account for same in may.same.values() for account in same}
    known = told.last(session, sorted(accounts))
    counts = {"told": 0, "left_out": 0}
    written: dict[str, str] = {}  # one message a day, on whatever account
    for reply in found:
        key = reply.asker.conversation
        if key in may.later or may.who(key) in written:
            continue
        if key in may.now and not _knows(reply.asker, may.same[key], known):
            written[may.who(key)] = key
            _queue(session, vault, reply, may, now)
            counts["told"] += 1
        else:
            counts["left_out"] += 1
        gaps.forget_asker(session, reply.asker.gap, key)
    return counts | may.kinds(written.values())


def _knows(
    asker: Asker, accounts: Sequence[str], known: Mapping[tuple[str, str], datetime]
) -> bool:
    """Whether they have asked again since, and got the answer, on whatever account."""
    times = [known.get((account, asker.entry)) for account in accounts]
    return any(at is not None and at > asker.asked_at for at in times)


def _queue(session: Session, vault: Vault, reply: Reply, may: Reach, now: datetime) -> None:
    asker = reply.asker
    account = may.account(asker.conversation)
    name = f"gap/{asker.gap}/{may.who(asker.conversation)}"
    stop = Option(say("answered.stop"), say("answered.stop_word"))
    messages: list[NewOutgoing] = []
    for number, text in enumerate(reply.texts, 1):
        key = name if number == 1 else f"{name}/{number}"
        options = (stop,) if number == len(reply.texts) else ()
        messages.append(a_push(vault, account, text, key=key, now=now, options=options))
    outbox.enqueue(session, messages)
    told.note(session, [Told(account, entry, now) for entry in reply.entries])


def _reply(asker: Asker, entry: Entry, answerer: Answerer, now: datetime) -> Reply:
    """Their own question asked once more, or the entry alone where that says something else."""
    answer = answerer.answer(asker.text, area=asker.area or None, now=now)
    if entry.id not in answer.entries:
        answer = shown(answerer.library, entry, now)
    lead = _lead(asker, {known.matter for known in answerer.library.entries.values()})
    return Reply(asker, _laid_out(lead, answer), _facts(answer, answerer))


def _laid_out(lead: str, answer: Answer) -> tuple[str, ...]:
    """One message with its source; the whole answer if it fits, else its first line."""
    first, _, others = answer.text.partition("\n")
    if first.endswith("："):  # whose rule it is: what follows is the answer
        first = f"{first}{others.splitlines()[0]}"
    texts = (answer.text, f"{first}\n{answer.ending}", f"{first}\n{answer.brief}")
    cut = [parts(f"{lead}{text}") for text in texts]
    return next((pages for pages in cut if len(pages) == 1), cut[-1][:_MOST])


def _facts(answer: Answer, answerer: Answerer) -> tuple[str, ...]:
    entries = answerer.library.entries
    return tuple(e for e in answer.entries if e in entries and entries[e].kind not in TALK)


def _lead(asker: Asker, matters: Container[str]) -> str:
    """What they asked and when, in their own words as far as these can be said again."""
    question = one_line(unmasked(parted(asker.text, matters)[1]), _QUOTED)
    key = "answered.lead" if letters(question) and not is_masked(question) else "answered.again"
    return say(key, day=spoken(asker.asked_at), question=question)
