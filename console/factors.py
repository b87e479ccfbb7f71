"""The second factor: codes of an app (RFC 6238), or one sent to the chat account of the person."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

import pyotp

from records import console_access, outbox
from records.database import Session
from records.messages import Priority
from records.outbox import NewOutgoing
from records.staff_accounts import Staff
from records.vault import Vault

_STEP = 30  # seconds that a code of the app is shown
_ISSUER = "归雁工作台"
_CHATS = ("wecom_app:", "wecom_kf:", "telegram:")  # a browser is no second thing beside a browser


def new_secret() -> str:
    """What the app is to know."""
    return pyotp.random_base32()


def address(secret: str, name: str) -> str:
    """The same as an address for the app to scan."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=_ISSUER)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The step whose code this is: this one, the one before or after (clocks differ)."""
    given = code.replace(" ", "")
    totp = pyotp.TOTP(secret)
    for shift in (0, -1, 1):
        at = now + timedelta(seconds=shift * _STEP)
        if secrets.compare_digest(totp.at(at).encode(), given.encode()):
            return int(at.timestamp()) // _STEP
    return None


def chat_of(staff: Staff) -> str:
    """The account that a code can be sent to; "" where none is bound."""
    return next((one for one in staff.accounts if one.startswith(_CHATS)), "")


def send_code(
    session: Session, vault: Vault, token_print: str, staff: Staff, *, code: str, now: datetime
) -> None:
    """Send a code to their chat, for this half-open session."""
    console_access.keep_code(session, token_print, code_print(vault, token_print, code), at=now)
    channel, chat = chat_of(staff).split(":", 1)
    text = f"工作台登录验证码 {code}，10 分钟内有效。不是您本人在登录的话，不要告诉任何人。"
    message = NewOutgoing(
        channel=channel,
        chat=chat,
        dedupe_key=f"console/{token_print[:16]}/{now.timestamp():.0f}",
        payload=outbox.sealed_content(vault, text, kind="staff"),
        due=now,
        priority=Priority.REPLY,
    )
    outbox.enqueue(session, [message])


def code_print(vault: Vault, token_print: str, code: str) -> str:
    """What is kept of a code that was sent."""
    return vault.fingerprint(f"console code {token_print} {code.strip()}")


def new_code() -> str:
    """Six digits."""
    return f"{secrets.randbelow(1_000_000):06}"
