"""What the console is given by the program, and how the first of the staff come into it."""

from __future__ import annotations

import secrets
from datetime import datetime
from functools import partial

from bot.counting_rules import rules_of
from bot.endpoints import without_password
from bot.server import readiness
from bot.setting_words import WORDS
from bot.settings import SETTINGS, Settings, origins
from bot.wecom_settings import alert_robot
from bot.wiring import App, lines_of
from console.means import PATIENCE, Means, Shown, Single
from knowledge.answer import Answerer
from records import console_access, staff_accounts
from records.database import Session
from records.staff_accounts import StaffRole
from records.vault import Vault

FIRST = "管理员"  # who comes in first where nobody has set a password yet


def means_of(app: App) -> Means:
    """Everything that pages work with."""
    settings = app.settings

    async def answerer() -> Answerer:
        return (await app.knowledge.now()).answerer

    return Means(
        database=app.database,
        vault=app.vault,
        now=app.now,
        answerer=answerer,
        lines=lines_of(app.channels),
        wake_sender=app.wake_sender,
        office=settings.office_name,
        office_phone=settings.office_phone,
        privacy_contact=settings.privacy_contact,
        public_url=settings.public_url,
        link_hosts=settings.link_hosts,
        robot=alert_robot(settings.wecom_robots),
        is_gov=settings.deployment == "gov",
        settings=tuple(_shown(settings)),
        health=partial(readiness, app),
        rules=rules_of(settings),
        patience=PATIENCE,
        single=Single(
            settings.oidc_issuer,
            settings.oidc_client_id,
            settings.oidc_client_secret,
            settings.oidc_claim,
            settings.oidc_label,
        ),
    )


def _shown(settings: Settings) -> list[Shown]:
    shown, told = [], origins()
    for one in SETTINGS:
        value = getattr(settings, one.field)
        words = ("已设置" if value else "没有设置") if one.is_secret else _words(value)
        origin = told.get(one.field, "")
        shown.append(Shown(one.variable, words, WORDS[one.field], one.is_secret, origin))
    return shown


def _words(value: object) -> str:
    text = ",".join(map(str, value)) if isinstance(value, tuple) else str(value or "")
    return without_password(text)


async def first_link(app: App, address: str) -> str:
    """The console's address; on the embedded default with a link that signs in once, until
    somebody has set a password.
    """
    root = f"{app.settings.public_url or address}/console"
    if not app.settings.is_embedded:
        return f"{root}/"
    code = secrets.token_urlsafe(18)
    is_offered = await app.database.run(_offer_first, app.vault, code, app.now())
    return f"{root}/enter?code={code}" if is_offered else f"{root}/"


def _offer_first(session: Session, vault: Vault, code: str, now: datetime) -> bool:
    if console_access.is_anybody_set_up(session):
        return False
    if staff_accounts.active(session, FIRST) is None:
        staff_accounts.add(session, FIRST, role=StaffRole.STAFF, area="", at=now, actor="system")
    console_access.offer_link(
        session, console_access.link_print(vault, code), FIRST, at=now, actor="system"
    )
    return True
