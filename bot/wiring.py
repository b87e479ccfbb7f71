"""build(settings) → App: the only place where everything meets."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from bot.counting_rules import rules_of
from bot.model import Model
from bot.packs import Knowledge
from bot.ringing import Wake, ringing
from bot.settings import Settings
from bot.speech import Speech
from bot.tracing.following import Tracing
from bot.wecom import Corp, broadcast_rules
from bot.wecom_settings import alert_robot
from channels.base import Channel, FileSource
from channels.pictures import Pictures
from channels.registry import channel_class
from channels.sender import Sender
from handlers.advance import Talk
from handlers.album import Album
from handlers.dialogue import Office
from handlers.forms.form import load_forms
from handlers.intake import Door
from handlers.listening import Fetch, Listener
from knowledge.areas import Gazetteer
from outreach.campaigns.feeding import Feeder
from outreach.campaigns.wording import Wording
from outreach.digests import Gathering
from outreach.groups.crowds import UNKNOWN, Ask, Counting, Crowd
from outreach.reach import Lines
from records import schema
from records.database import Database, StoreUnavailable, holds_conversations, make_folder
from records.keyring import open_store
from records.store_clock import StoreClock
from records.vault import Vault, VaultError
from scheduler.means import Means
from scheduler.runner import Runner

if TYPE_CHECKING:
    from records.at_work import Turns
    from records.bells import Bell
    from records.wakes import Wakes

# The web part takes in; the worker answers. On the command line `web` is both, `intake` the one.
_CHINA = timezone(timedelta(hours=8))
TERMINAL = "terminal"
_BY_HAND = 20.0  # messages a second that a terminal takes
PARTS = ("web", "worker", "sender", "scheduler")


@dataclass(slots=True)
class App:
    """The program, put together and not yet started."""

    settings: Settings
    database: Database
    vault: Vault
    channels: dict[str, Channel]
    door: Door
    sender: Sender
    runner: Runner
    knowledge: Knowledge
    now: Callable[[], datetime]
    store_clock: StoreClock | None = None
    wakes: Wakes | None = None
    bell: Bell | None = None
    wake_sender: Wake = lambda: None
    model: Model | None = None
    speech: Speech | None = None
    parts: tuple[str, ...] = PARTS
    is_learned: bool = False
    tracing: Tracing | None = None

    def machine_now(self) -> datetime:
        """The time by this machine's own clock, which may be wrong."""
        return self.store_clock.own() if self.store_clock else self.now()

    async def open(self) -> None:
        """The store with its tables up to date and its keys at hand; before anything else."""
        if self.store_clock is not None:
            await self.store_clock.look()
        await schema.migrate(self.database)
        await open_store(self.database, self.vault, self.now())

    async def learn(self) -> Mind:
        """Read and index the entries (seconds); what answers with them."""
        known = await self.knowledge.now()
        folder = Path(self.settings.forms_dir) if self.settings.forms_dir else None
        talk = Talk(
            vault=self.vault,
            answerer=known.answerer,
            office=Office(
                self.settings.office_name,
                self.settings.office_phone,
                self.settings.link_hosts,
                self.settings.public_url,
                self.settings.privacy_contact,
            ),
            places=known.library.areas,
            forms=await asyncio.to_thread(load_forms, folder),
            now=self.now,
            adviser=self.model,
            robot=alert_robot(self.settings.wecom_robots),
        )
        self.is_learned = True
        return Mind(self.knowledge, self.tracing.talk(talk) if self.tracing else talk)

    def feeder(self) -> Feeder:
        """What brings campaigns to the sender."""

        async def places() -> Gazetteer:
            return (await self.knowledge.now()).library.areas

        return Feeder(
            self.database,
            self.vault,
            lines_of(self.channels),
            {TERMINAL: _BY_HAND, **{kind: one.limits.bulk for kind, one in self.channels.items()}},
            places=places,
            now=self.now,
            wake=self.wake_sender,
        )


class Mind:
    """Answers with the entries of the moment."""

    def __init__(self, knowledge: Knowledge, talk: Talk) -> None:
        self._knowledge = knowledge
        self.talk = talk

    async def at(self, revision: int) -> Talk:
        """What answers as of this revision of the entries."""
        known = await self._knowledge.at(revision)
        if known.answerer is not self.talk.answerer:
            self.talk = replace(self.talk, answerer=known.answerer, places=known.library.areas)
        return self.talk


def build(
    settings: Settings,
    *,
    channels: dict[str, Channel] | None = None,
    now: Callable[[], datetime] | None = None,
    is_beside: bool = False,
    is_service: bool = False,
) -> App:
    """Everything by hand, in order; `channels` and `now` stand in for the configured ones.

    `is_beside`: the configured ones are in service as well, in another process. `is_service`: what
    comes in may be answered by any process in service.
    """
    database = Database(settings.database_url)
    shared = None if now else _store_clock(settings, database)
    now = in_china(now) if now else clock(settings, shared.now if shared else machine_time)
    vault = Vault(secret_key(settings, database), is_closed=True)
    owner = _owner()
    if channels is None:
        channels = configured_channels(settings, database, vault, now, owner)
    word = Wording(vault, settings.office_name).worded
    gather = Gathering(vault, word).leaving
    sender = Sender(database, vault, channels, owner=owner, now=now, word=word, gather=gather)
    speech = Speech(settings) if settings.speech_url else None
    sources = _sources(channels)
    listener = Listener(speech, sources) if speech else None
    others = configured_channels(settings, database, vault, now, owner) if is_beside else {}
    lines = lines_of({**others, **channels})
    wakes = _wakes(database) if is_service and not database.is_sqlite else None
    bell, wake_sender = ringing(database, sender, channels, is_service=is_service)
    door = Door(
        database,
        vault,
        now=now,
        wake_sender=wake_sender,
        listener=listener,
        album=Album(database, vault, sources, now),
        lines=lines,
        wakes=wakes,
        turns=_turns(database) if wakes else None,
    )
    knowledge = Knowledge(database, settings.areas)
    means = _as_set(_means(database, vault, knowledge, lines), settings, channels)
    return App(
        settings,
        database,
        vault,
        channels,
        door,
        sender,
        Runner(means, now=now),
        knowledge,
        now,
        store_clock=shared,
        wakes=wakes,
        bell=bell,
        wake_sender=wake_sender,
        model=Model(settings) if settings.model_url else None,
        speech=speech,
    )


def _store_clock(settings: Settings, database: Database) -> StoreClock | None:
    """None where nobody shares the store, or a rehearsal's time has nothing to do with it."""
    if database.is_sqlite or isinstance(settings.now, datetime):
        return None
    return StoreClock(database, machine_time)


def machine_time() -> datetime:
    """What the clock of this machine says."""
    return datetime.now(UTC)


def _wakes(database: Database) -> Wakes:
    # The queue between processes comes with a good deal that one process does without.
    from records.wakes import Wakes as Shared

    return Shared(database)


def _turns(database: Database) -> Turns:
    from records.at_work import Turns as Locks

    return Locks(database)


def _sources(channels: dict[str, Channel]) -> dict[str, Fetch]:
    """The channels that give what was spoken, and pictures."""
    return {k: one.fetch for k, one in channels.items() if isinstance(one, FileSource)}


def _means(database: Database, vault: Vault, knowledge: Knowledge, lines: Lines) -> Means:
    async def refresh() -> None:
        await knowledge.now()

    return Means(database, vault, lambda: knowledge.known.answerer, refresh, lines)


def _as_set(means: Means, settings: Settings, channels: Mapping[str, Channel]) -> Means:
    """The same, with what settings and channels add."""
    rules = broadcast_rules(settings) if settings.wecom_contact_secret else None
    crowd = _crowd_of(channels)
    return replace(means, crowd=crowd, broadcasts=rules, rules=rules_of(settings))


def _crowd_of(channels: Mapping[str, Channel]) -> Ask:
    """Asks the channel that a group is on, where it can be asked."""

    async def ask(channel: str, chat: str) -> Crowd:
        known = channels.get(channel)
        return await known.crowd(chat) if isinstance(known, Counting) else UNKNOWN

    return ask


def lines_of(channels: Mapping[str, Channel]) -> Lines:
    """The channels in service, and what their providers allow.

    So is the terminal: what goes there waits until its account talks again (`guiyan talk`).
    """
    allowed = {kind: channel.limits.allowance for kind, channel in channels.items()}
    return Lines(frozenset({TERMINAL, *channels}), {kind: a for kind, a in allowed.items() if a})


def configured_channels(
    settings: Settings,
    database: Database,
    vault: Vault,
    now: Callable[[], datetime],
    owner: str,
) -> dict[str, Channel]:
    """The channels that the settings turn on; the web chat always."""
    chosen: list[Channel] = [channel_class("webchat")(database, vault, text_limit=4000, now=now)]
    if settings.telegram_token:
        chosen.append(
            channel_class("telegram")(
                token=settings.telegram_token,
                base_url=settings.telegram_base_url,
                mode=settings.telegram_mode,
                webhook_secret=settings.telegram_webhook_secret,
                other_secret=settings.telegram_webhook_secret_other,
                public_url=settings.public_url,
                pictures=Pictures(database, vault),
                now=now,
            )
        )
    chosen.extend(Corp(settings, database, vault, owner=owner, now=now).channels())
    return {channel.kind: channel for channel in chosen}


def clock(
    settings: Settings, own: Callable[[], datetime] = machine_time
) -> Callable[[], datetime]:
    """The time: `own` or so far ahead of it, or one that starts at GUIYAN_NOW.

    Several processes agree only about the first two.
    """
    if isinstance(settings.now, datetime):
        start, began = settings.now, time.monotonic()
        return in_china(lambda: start + timedelta(seconds=time.monotonic() - began))
    ahead = settings.now or timedelta()
    return in_china(lambda: own() + ahead)


def in_china(now: Callable[[], datetime]) -> Callable[[], datetime]:
    """The same clock, read in China: the day of a moment is the day that people live in."""
    return lambda: now().astimezone(_CHINA)


def secret_key(settings: Settings, database: Database) -> str:
    """The key that seals personal data; on the embedded default made once and kept beside it."""
    if settings.secret_key:
        return settings.secret_key
    name = database.url.database
    if not name or name == ":memory:":
        return secrets.token_urlsafe(32)
    path = Path(name).with_name("secret.key")
    try:
        key = _kept_key(path, Path(name))
    except OSError as fault:
        raise StoreUnavailable(
            f"{path} cannot be read ({fault.strerror}): it must be a file of the service's user, "
            "of mode 600"
        ) from fault
    if not key:
        raise VaultError(f"{path} is empty: bring the key back, or remove it to begin anew")
    return key


def _kept_key(path: Path, database: Path) -> str:
    if not path.exists():
        if holds_conversations(database):
            raise VaultError(
                f"{path} is gone, and {database} was sealed with it: bring the key back, or move "
                "the database away to begin anew"
            )
        _keep(path, secrets.token_urlsafe(32))
    return path.read_text(encoding="ascii").strip()


def _keep(path: Path, secret: str) -> None:
    make_folder(path.parent)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="ascii") as file:
            file.write(secret + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)  # whole or not at all
    except FileExistsError:
        pass  # another process was first; its key is the one
    except OSError as fault:
        raise StoreUnavailable(
            f"{path} cannot be written ({fault.strerror}): check its folder and the room on disk"
        ) from fault
    finally:
        draft.unlink(missing_ok=True)


def _owner() -> str:
    return f"{socket.gethostname()[:20]}-{os.getpid()}-{secrets.token_hex(3)}"


def parts_of(only: Sequence[str]) -> tuple[str, ...]:
    """Which parts this process runs; all where none is named."""
    if not only:
        return PARTS
    parts = {"web": ("web", "worker"), "intake": ("web",)}
    return tuple(dict.fromkeys(one for name in only for one in parts.get(name, (name,))))
