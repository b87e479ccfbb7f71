"""What the pages work with, handed to them at the start."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from knowledge.answer import Answerer
from outreach.reach import Lines
from outreach.reports.rules import Rules
from records.database import Database
from records.vault import Vault

PATIENCE = 0.15  # seconds that a page waits for a count before it comes without


@dataclass(frozen=True, slots=True)
class Single:
    """A provider of OpenID Connect that staff may sign in with; issuer "" where there is none."""

    issuer: str = ""
    client: str = ""
    secret: str = ""
    claim: str = "sub"
    label: str = "单位账号"


@dataclass(frozen=True, slots=True)
class Shown:
    """A setting as the page of settings shows it; a secret's value is never here."""

    name: str
    value: str
    meaning: str
    is_secret: bool = False
    origin: str = ""  # environment, file; "" is the default


@dataclass(frozen=True, slots=True)
class Means:
    """Everything that outlives a request."""

    database: Database
    vault: Vault
    now: Callable[[], datetime]
    answerer: Callable[[], Awaitable[Answerer]]  # with the entries of the moment
    lines: Lines
    wake_sender: Callable[[], None]
    office: str = ""
    office_phone: str = ""
    privacy_contact: str = ""  # who answers for personal data, with a number
    public_url: str = ""
    link_hosts: tuple[str, ...] = ("gov.cn",)  # that a message to many may link to
    robot: str = ""  # the group that alerts go to
    is_gov: bool = False
    settings: tuple[Shown, ...] = ()
    single: Single = field(default_factory=Single)
    rules: Rules = field(default_factory=Rules)  # what the office settles of the forms
    patience: float | None = None  # seconds that a page waits for a count; None: until it is there
    health: Callable[[], Awaitable[Mapping[str, str]]] | None = None  # part → fault or ""
