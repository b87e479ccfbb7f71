"""Signing in by OpenID Connect, against a provider that can be told to lie."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.settings import SettingsError, load
from console.means import Single
from records import staff_accounts
from records.database import Database, Session
from records.vault import Vault
from tests.support import database as databases
from tests.support.console import Answer, Stage, served
from tests.support.oidc import CLIENT, SECRET, Issuer, issuing


@pytest.fixture
async def office(
    tmp_path: Path, vault: Vault, now: datetime
) -> AsyncIterator[tuple[Stage, Issuer]]:
    """The console with a provider, where 小周 is known as zhou."""
    database = Database(await databases.fresh_file(tmp_path / "single.db"))
    async with issuing() as issuer:
        single = Single(issuer.address, CLIENT, SECRET)
        async with served(database, vault, now, single) as stage:
            await stage.staff()
            await database.run(_bind, now)
            yield stage, issuer
    await database.close()


def _bind(session: Session, now: datetime) -> None:
    staff_accounts.bind(session, "小周", "oidc:zhou", at=now, actor="staff:terminal")


async def _come_back(
    stage: Stage, issuer: Issuer, who: str = "zhou", other: Mapping[str, str] | None = None
) -> Answer:
    browser = stage.nobody()
    away = await browser.get("/single")
    assert away.status == 303
    given = {**issuer.sign_in(away.headers["Location"], who), **(other or {})}
    answer = await browser.get(f"/single/back?{urlencode(given)}")
    if answer.status == 303:
        assert (await browser.get("/")).status == 200
    return answer


async def test_who_is_vouched_for_is_signed_in(office: tuple[Stage, Issuer]) -> None:
    assert (await _come_back(*office)).path == "/"


async def test_who_is_nobody_here_is_not(office: tuple[Stage, Issuer]) -> None:
    answer = await _come_back(*office, who="wang")
    assert answer.status == 409
    assert "还没有把您的单位账号" in answer.words


LIES: list[dict[str, Any]] = [
    {"aud": "another"},
    {"iss": "https://another.example"},
    {"exp": 1},
    {"nonce": "of another time"},
    {"iat": 99999999999},
]


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: next(iter(lie)))
async def test_a_token_that_is_not_for_us_is_not_believed(
    office: tuple[Stage, Issuer], lie: dict[str, Any]
) -> None:
    office[1].lies = lie
    assert (await _come_back(*office)).status == 409


async def test_a_token_of_another_key_is_not_believed(office: tuple[Stage, Issuer]) -> None:
    office[1].signs_with_another_key = True
    assert (await _come_back(*office)).status == 409


@pytest.mark.parametrize("other", [{"state": "forged"}, {"code": "stolen"}])
async def test_a_forged_way_back_is_refused(
    office: tuple[Stage, Issuer], other: dict[str, str]
) -> None:
    assert (await _come_back(*office, other=other)).status == 409


async def test_a_provider_that_names_another_is_refused(office: tuple[Stage, Issuer]) -> None:
    office[1].names_another_issuer = True
    assert (await office[0].nobody().get("/single")).status == 409


async def test_without_a_provider_there_is_no_such_page(stage: Stage) -> None:
    assert (await stage.nobody().get("/single")).status == 404


SETTINGS = [
    ({"GUIYAN_OIDC_ISSUER": "https://idp.example"}, "CLIENT_ID"),
    ({"GUIYAN_OIDC_CLIENT_ID": "guiyan"}, "no use"),
    (
        {
            "GUIYAN_OIDC_ISSUER": "http://idp.example",
            "GUIYAN_OIDC_CLIENT_ID": "a",
            "GUIYAN_OIDC_CLIENT_SECRET": "b",
        },
        "https",
    ),
]


@pytest.mark.parametrize(("given", "word"), SETTINGS)
def test_half_a_provider_stops_the_start(given: dict[str, str], word: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=word):
        load(given, tmp_path)
