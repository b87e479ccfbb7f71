"""/.well-known/security.txt is there for whoever finds a hole, and leads to somebody or is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.security_txt import PATH, reachable
from bot.settings import SettingsError, load
from tests.support.program import Program

MAIL = "mailto:security@returning.gov.cn"
PAGE = (Path(__file__).parents[2] / "SECURITY.md").read_text("utf-8")


@pytest.mark.parametrize("who", [MAIL, "https://gov.cn/report", "tel:+86-530-0000000", ""])
def test_a_way_to_somebody_is_taken(who: str) -> None:
    assert reachable(who) == who


NOWHERE = (
    *("security@gov.cn", "http://gov.cn/report", "待补", "tel:待补", "mailto:<address>"),
    *("mailto:a@example.com", "https://report.example/", "https://security.invalid"),
    f"{MAIL}\nContact: x",
)


@pytest.mark.parametrize("who", NOWHERE)
def test_what_leads_nowhere_is_refused(who: str) -> None:
    with pytest.raises(ValueError, match="must lead to somebody"):
        reachable(who)


def test_a_placeholder_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="GUIYAN_SECURITY_CONTACT must lead to somebody"):
        load({"GUIYAN_SECURITY_CONTACT": "mailto:security@guiyan.example"}, tmp_path)


def test_what_stands_in_the_policy_can_be_taken_for_no_address() -> None:
    places = [line.partition(":")[2] for line in PAGE.splitlines() if "SECURITY CONTACT" in line]
    assert len(places) == 1
    with pytest.raises(ValueError, match="must lead to somebody"):
        reachable(places[0])


async def test_it_is_served_where_somebody_is_named(tmp_path: Path) -> None:
    settings = {"GUIYAN_AREAS": "定陶", "GUIYAN_SECURITY_CONTACT": MAIL}
    async with Program(tmp_path, settings) as program, aiohttp.ClientSession() as client:
        address = await program.start("--only", "intake")
        async with client.get(address + PATH) as answer:
            text, kind = await answer.text(), answer.headers["Content-Type"]
    said = dict(line.split(": ", 1) for line in text.splitlines())
    left = datetime.fromisoformat(said["Expires"]) - datetime.now(UTC)
    assert (said["Contact"], kind) == (MAIL, "text/plain; charset=utf-8")
    assert timedelta(days=89) < left < timedelta(days=365)
