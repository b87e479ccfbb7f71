"""What hands can do here, by name: for the page, and for programs in another process.

POST a JSON object to /play/<name>; the answer is {"done": …}, or {"fault": "…"} in Chinese.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.support.wecom import faults
from tests.support.wecom.wire import Body

if TYPE_CHECKING:
    from tests.support.wecom.server import WeCom

Act = Callable[["WeCom", Body], Any]

# A second of silence, and a picture of one white dot.
_AMR = b"#!AMR\n" + (b"\x3c" + bytes(31)) * 50
_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)


def act(wecom: WeCom, name: str, given: Body) -> Body:
    """Do what /play/<name> asks for."""
    if name not in ACTS:
        return {"fault": f"没有“{name}”这个动作"}
    try:
        return {"done": ACTS[name](wecom, given)}
    except (LookupError, ValueError):
        return {"fault": "做不到：这一项现在没有了，或者这个人不在"}


def _customer(wecom: WeCom, given: Body) -> str:
    number = wecom.kf.customer(given.get("name", ""))
    wecom.contacts.customer(wecom.kf.customers[number].nickname, number)
    return number


def _enter(wecom: WeCom, given: Body) -> str:
    scene = given.get("scene_param", "")
    return wecom.kf.enters(given["customer"], scene="poster" if scene else "", scene_param=scene)


def _send_voice(wecom: WeCom, given: Body) -> str:
    return wecom.kf.sends_file(given["customer"], "voice", _AMR)


def _send_image(wecom: WeCom, given: Body) -> str:
    return wecom.kf.sends_file(given["customer"], "image", _PNG)


def _recall(wecom: WeCom, given: Body) -> None:
    wecom.kf.recalls(given["customer"], given["msgid"])


def _fail(wecom: WeCom, given: Body) -> None:
    wecom.faults.next(given["path"], faults.code(int(given["code"])))


def _befriend(wecom: WeCom, given: Body) -> str:
    return wecom.contacts.befriend(
        given["steward"], given["customer"], state=given.get("state", "")
    )


def _take(wecom: WeCom, given: Body) -> None:
    wecom.kf.takes(given["member"], given["customer"])


def _reply(wecom: WeCom, given: Body) -> str:
    return wecom.kf.servicer_says(given["member"], given["customer"], given["text"])


def _tap_card(wecom: WeCom, given: Body) -> str:
    return wecom.app.taps(given["member"], given["label"], chosen=given.get("chosen"))


def _confirm(wecom: WeCom, given: Body) -> list[str]:
    return wecom.contacts.confirms(given["task"], given["member"])


ACTS: dict[str, Act] = {
    "customer": _customer,
    "enter": _enter,
    "scan": lambda w, g: w.kf.scans(g["customer"], g["url"]),
    "say": lambda w, g: w.kf.says(g["customer"], g["text"]),
    "tap": lambda w, g: w.kf.taps(g["customer"], g["label"]),
    "voice": _send_voice,
    "image": _send_image,
    "recall": _recall,
    "block": lambda w, g: w.kf.blocks(g["customer"], bool(g["is_blocked"])),
    "take": _take,
    "reply": _reply,
    "end": lambda w, g: w.kf.ends(g["customer"]),
    "member_say": lambda w, g: w.app.says(g["member"], g["text"]),
    "member_tap": _tap_card,
    "member_click": lambda w, g: w.app.clicks(g["member"], g["label"]),
    "member_enter": lambda w, g: w.app.enters(g["member"]),
    "confirm": _confirm,
    "befriend": _befriend,
    "leave": lambda w, g: w.contacts.leaves(g["customer"], g["steward"]),
    "join": lambda w, g: w.contacts.joins(g["chat"], g["customer"]),
    "quit": lambda w, g: w.contacts.quits(g["chat"], g["customer"]),
    "revoke": lambda w, g: w.tokens.invalidate(),
    "fail": _fail,
    "advance": lambda w, g: w.clock.advance(float(g["seconds"])),
}
