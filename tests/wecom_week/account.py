"""The account of the week: each message queued ends in exactly one place, and it is looked up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from channels.wecom_kf.ledger import row_of
from records.database import Session
from records.inbound import InboundRow
from records.messages import Priority
from records.outbox import OutboxRow, OutboxState
from records.vault import Vault
from records.waits import OF_THE_GATE
from tests.support.wecom.phones import By, Shown
from tests.support.wecom.server import WeCom


@dataclass
class Account:
    """How many messages ended where, and what does not balance."""

    states: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)  # of what failed, waits or was stopped
    faults: list[str] = field(default_factory=list)

    def told(self) -> dict[str, object]:
        """For people to read."""
        return {
            "messages": dict(self.states),
            "reasons": dict(self.reasons),
            "faults": len(self.faults),
        }


class Books:
    """Our rows beside what stands on the phones."""

    def __init__(self, session: Session, vault: Vault, wecom: WeCom) -> None:
        found = session.execute(select(OutboxRow)).scalars()
        self.rows: dict[int, OutboxRow] = {row.id or 0: row for row in found}
        self.anew = {
            int(old): row.id or 0
            for row in self.rows.values()
            if (old := row.dedupe_key.rpartition("/again")[2]) != row.dedupe_key
        }
        self.came = list(session.execute(select(InboundRow)).scalars())
        self._vault = vault
        self.now = wecom.clock.moment()
        self.shown: dict[int, list[Shown]] = defaultdict(list)
        for shown in wecom.phones.everything():
            if shown.by is By.US:
                self.shown[row_of(shown.msgid) or 0].append(shown)

    def last(self, row_id: int) -> OutboxRow | None:
        """The message, or the one that was queued anew for it."""
        anew = self.anew.get(row_id)
        return self.last(anew) if anew else self.rows.get(row_id)

    def carrier(self, row: OutboxRow) -> OutboxRow | None:
        """The message that a merged one left in; one refused outright may itself have joined."""
        head = self.last(int(row.outer_id))
        is_merged = head is not None and head.state == OutboxState.MERGED
        return self.carrier(head) if head is not None and is_merged else head

    def text(self, row: OutboxRow) -> str:
        """The words, without what a phone may break lines by."""
        return squeezed(str(self._vault.open(row.payload)["text"]))

    def on_phone(self, row_id: int) -> str:
        """What stands on the phone of a message, its parts together."""
        return squeezed("".join(_words(shown) for shown in self.shown[row_id]))


def squeezed(text: str) -> str:
    return "".join(text.split())


def _words(shown: Shown) -> str:
    return str(shown.body.get("head_content", "")) if shown.msgtype == "msgmenu" else shown.text


def balance(books: Books, said: Mapping[str, str], excused: set[str]) -> Account:
    """Hold everything against everything; `excused` are the chats that may wait or be silenced."""
    account = Account()
    for row in books.rows.values():
        account.states[row.state] += 1
        if row.failure and row.state != OutboxState.SENT:
            account.reasons[f"{row.state}: {row.failure}"] += 1
        account.faults.extend(_faults_of(books, row, row.chat in excused))
    account.faults.extend(_strangers(books, excused))
    account.faults.extend(_disorder(books))
    account.faults.extend(_inbound(books, said, excused))
    return account


def _faults_of(books: Books, row: OutboxRow, is_excused: bool) -> Iterator[str]:
    name = f"{row.state} {row.id} ({row.dedupe_key[:20]}…, {row.failure})"
    ids = [shown.msgid for shown in books.shown.get(row.id or 0, [])]
    if row.state != OutboxState.SENT and ids:
        yield f"{name}: on the phone all the same"
    match row.state:
        case OutboxState.SENT:
            if not ids or len(ids) != len(set(ids)):
                yield f"{name}: {len(ids)} times on the phone"
            # The marks that a list of options adds stand at the end.
            elif not books.on_phone(row.id or 0).startswith(books.text(row)):
                yield f"{name}: other words on the phone"
        case OutboxState.MERGED:
            head = books.carrier(row)
            if head is not None and head.state == OutboxState.SENT:
                if not _is_inside(books, row, head):
                    yield f"{name}: not once inside {head.id}"
            elif not is_excused:
                yield f"{name}: went with one that is {head.state if head else 'gone'}"
        case OutboxState.FAILED if row.failure in _FOR_NOW:
            if not is_excused and books.last(row.id or 0) in (None, row):
                yield f"{name}: not queued anew"
        case OutboxState.FAILED if row.failure in _FOR_GOOD and is_excused:
            pass
        case OutboxState.STOPPED | OutboxState.HELD if is_excused:
            pass
        case OutboxState.QUEUED if row.failure in OF_THE_GATE and row.due > books.now:
            pass  # one more would be too many in these days
        case _:
            yield f"{name}: not settled as it should be"


def _is_inside(books: Books, row: OutboxRow, head: OutboxRow) -> bool:
    """Pushes are told apart by their marks; two replies may well say the same."""
    text = books.text(row)
    times = books.on_phone(head.id or 0).count(text)
    return times == 1 or (times > 1 and row.priority == Priority.REPLY)


# What the platform's events say of messages that it had taken.
_FOR_NOW = {"expired", "used_up", "session_closed"}
_FOR_GOOD = {"refused_by_person", "blocked_by_person"}


def _strangers(books: Books, excused: set[str]) -> Iterator[str]:
    """On a phone, and of no message of ours; what somebody had deleted is in no book."""
    for row_id, shown in books.shown.items():
        if row_id not in books.rows and f"{shown[0].place}/{shown[0].person}" not in excused:
            yield f"on the phone of {shown[0].person[:6]}… and in no book: {row_id}"


def _disorder(books: Books) -> Iterator[str]:
    """What is equally urgent stands on each phone in the order in which it was written."""
    last: dict[tuple[str, int], int] = {}
    everything = [shown for found in books.shown.values() for shown in found]
    for shown in sorted(everything, key=lambda one: one.at):
        row = books.rows.get(row_of(shown.msgid) or 0)
        if row is None or "/again" in row.dedupe_key:
            continue
        key = (row.chat, row.priority)
        if (row.id or 0) < last.get(key, 0):
            yield f"{row.id} ({row.dedupe_key[:20]}…) stands after {last[key]}"
        last[key] = row.id or 0


def _inbound(books: Books, said: Mapping[str, str], excused: set[str]) -> Iterator[str]:
    """Each word stored once, and answered; who had everything deleted is in no book."""
    stored = Counter(row.outer_id for row in books.came)
    for msgid, chat in said.items():
        if stored[msgid] != 1 and chat not in excused:
            yield f"{msgid[:8]}… is stored {stored[msgid]} times"
    for row in books.came:
        if row.done_at is None:
            yield f"inbound {row.id} was never answered"
