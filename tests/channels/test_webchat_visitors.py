"""The visitor's cookie and the pace at which one may write."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from channels.webchat.visitors import COOKIE, Pacer, Visitors
from records.vault import Vault


def cookie_for(visitors: Visitors, headers: dict[str, str]) -> str:
    """The cookie's value and its attributes as they go over the wire."""
    response = web.Response()
    visitors.welcome(make_mocked_request("GET", "/chat", headers=headers), response)
    return response.cookies[COOKIE].OutputString()


def visitor_of(visitors: Visitors, cookie: str) -> str:
    headers = {"Cookie": cookie.partition(";")[0]}
    return visitors.of(make_mocked_request("GET", "/chat", headers=headers))


def test_a_visitor_is_a_random_number_of_128_bits() -> None:
    visitors = Visitors(Vault("secret"))
    names = {visitor_of(visitors, cookie_for(visitors, {})) for _ in range(50)}
    assert (len(names), {len(bytes.fromhex(name)) for name in names}) == (50, {16})


def test_a_visitor_keeps_the_name() -> None:
    visitors = Visitors(Vault("secret"))
    cookie = cookie_for(visitors, {})
    again = cookie_for(visitors, {"Cookie": cookie.partition(";")[0]})
    assert again.partition(";")[0] == cookie.partition(";")[0]


def test_another_secret_does_not_know_the_visitor() -> None:
    assert visitor_of(Visitors(Vault("other")), cookie_for(Visitors(Vault("secret")), {})) == ""


def test_one_changed_letter_is_noticed() -> None:
    visitors = Visitors(Vault("secret"))
    name, _, rest = cookie_for(visitors, {}).partition("=")
    other = ("0" if rest[0] != "0" else "1") + rest[1:]
    assert visitor_of(visitors, f"{name}={other}") == ""


def test_scripts_and_other_sites_do_not_get_the_cookie() -> None:
    cookie = cookie_for(Visitors(Vault("secret")), {})
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=31536000"} <= set(cookie.split("; "))


@pytest.mark.parametrize(("scheme", "is_secure"), [("https", True), ("http", False), ("", False)])
def test_over_https_it_stays_there(scheme: str, is_secure: bool) -> None:
    cookie = cookie_for(Visitors(Vault("secret")), {"X-Forwarded-Proto": scheme})
    assert ("Secure" in cookie.split("; ")) == is_secure


def test_twenty_at_once_then_two_a_second() -> None:
    pacer = Pacer(burst=20, rate=2)
    taken = [at for at in range(0, 1000) if pacer.wait("a", 100 + at / 100) == 0]
    assert (taken[:20], taken[20:]) == (list(range(20)), list(range(50, 1000, 50)))


def test_one_visitor_does_not_slow_another() -> None:
    pacer = Pacer(burst=1, rate=1)
    assert [pacer.wait(v, 5.0) for v in ("a", "b", "a")] == [0, 0, 1]


def test_who_has_rested_is_forgotten() -> None:
    pacer = Pacer(burst=1, rate=1)
    for number in range(10_001):
        pacer.wait(str(number), number * 2.0)
    assert len(pacer._rested_at) == 1
