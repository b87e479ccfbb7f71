"""What providers send, spoiled: read to what can be stored, or refused; never a crash."""

from __future__ import annotations

import json
import random
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from channels.decoding import decode
from channels.telegram.parse import Me, is_update
from channels.telegram.parse import parse as telegram
from channels.wecom.callback import Event
from channels.wecom.cipher import Cipher
from channels.wecom.envelope import as_xml, envelope
from channels.wecom.envelope import parse as opened
from channels.wecom.refusals import Refused
from channels.wecom_app.parse import chosen
from channels.wecom_app.parse import parse as app
from channels.wecom_contact import parse as contact
from channels.wecom_kf.parse import Entered, Handed, NotArrived
from channels.wecom_kf.parse import parse as kf
from records.inbound import InboundRow
from records.messages import Inbound
from tests.fuzz.answers import Fault, bounded
from tests.fuzz.mutants import spoiled

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ME = Me(4242, "guiyan_bot")
AT = int(NOW.timestamp())
EXAMPLES = Path(__file__).parent.parent / "channels" / "examples"
CIPHER = Cipher("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "ww5823bf96d3bd56c7")
LONGEST = {"conversation": 200, "outer_id": 160}  # as the columns of InboundRow say
_YEARS = (1970, 9998)  # clocks of other zones still reach these
_LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
_CUSTOMER = {"open_kfid": "wkA", "external_userid": "wmB", "send_time": AT, "msgid": "m1"}
_OUTSIDE = {"external_userid": "wmB", "open_kfid": "wkA"}
_SAID: tuple[dict[str, Any], ...] = (
    {"msgtype": "text", "text": {"content": "定陶贷款最高多少", "menu_id": ""}},
    {"msgtype": "text", "text": {"content": "要", "menu_id": "register"}},
    {"msgtype": "image", "image": {"media_id": "M"}},
    {"msgtype": "voice", "voice": {"media_id": "V"}},
    {"msgtype": "location", "location": {"name": "定陶", "address": "区政府", "latitude": 35.0}},
    {"msgtype": "link", "link": {"title": "t", "url": "https://example.gov.cn"}},
)
_HAPPENED: tuple[dict[str, Any], ...] = (
    {"event_type": "enter_session", "scene": "s", "scene_param": "p", "welcome_code": "W"},
    {"event_type": "msg_send_fail", "fail_msgid": "g7", "fail_type": 6},
    {"event_type": "user_recall_msg", "recall_msgid": "m0"},
    {"event_type": "session_status_change", "change_type": 3, "msg_code": "C"},
    {"event_type": "session_status_change", "change_type": 1, "new_servicer_userid": "wang"},
)
_HEAD = f"<FromUserName>LiuYang</FromUserName><CreateTime>{AT}</CreateTime>"
_CHANGES = (
    "<MsgType>event</MsgType><Event>change_external_contact</Event><UserID>wang</UserID>"
    "<ChangeType>add_external_contact</ChangeType><ExternalUserID>wmB</ExternalUserID>"
    "<State>s</State><WelcomeCode>W</WelcomeCode>",
    "<MsgType>event</MsgType><Event>change_external_chat</Event><ChatId>wrC</ChatId>"
    "<ChangeType>update</ChangeType><CurMemVer>v</CurMemVer>",
)
_FOLLOWED = {
    "external_contact": {"external_userid": "wmB", "name": "客户"},
    "follow_info": {"userid": "wang", "createtime": AT, "state": "s", "tag_id": ["t"]},
    "group_chat": {
        "chat_id": "wrC", "owner": "wang", "name": "群", "create_time": AT, "member_version": "v",
        "member_list": [{"userid": "wang", "type": 1, "join_time": AT}],
    },
    "tag_group": [{"group_name": "g", "tag": [{"id": "t", "name": "n", "deleted": False}]}],
    "row": {"external_userid": "wmB", "status": 1, "send_time": AT},
}  # fmt: skip


def called(count: int, seed: int) -> Iterator[Fault]:
    """The faults of so many callbacks and answers of providers, the kinds in turn."""
    for number in range(count):
        name, door = DOORS[number % len(DOORS)]
        chance = random.Random(f"{seed}/{number}")
        said, read = door(chance)
        yield from fault_of(f"{name}, seed {seed}, number {number}", said, read)


def fault_of(name: str, said: str, read: Callable[[], object]) -> Iterator[Fault]:
    """What is wrong with how something is read: a crash, or what no column holds."""
    try:
        with bounded():
            found = read()
    except Refused:
        return
    except Exception as error:  # the fuzzer reports every crash and goes on
        yield Fault(f"{name}: crash: {error!r}"[:300], said)
        return
    yield from (Fault(f"{name}: {what}", said) for what in unstorable(found))


def unstorable(found: object) -> Iterator[str]:
    """Why what was read could not be stored on both databases, or not be answered."""
    if isinstance(found, Entered):
        found = found.start
    elif isinstance(found, Handed):
        found = found.notice
    elif isinstance(found, NotArrived) and "\x00" in found.chat + found.msgid:
        yield "a NUL in an address"
    if not isinstance(found, Inbound):
        return
    kept = {"conversation": found.conversation, "outer_id": found.outer_id}
    for column, value in kept.items():
        if len(value) > LONGEST[column]:
            yield f"{column} of {len(value)} characters"
        if "\x00" in value:
            yield f"a NUL in {column}"
    if not found.outer_id:
        yield "no id of its own"
    if not -(2**63) <= found.sequence < 2**63:
        yield "a sequence that no column holds"
    if not _YEARS[0] <= found.sent_at.year <= _YEARS[1]:
        yield f"sent in the year {found.sent_at.year}"
    orjson.dumps(found.as_payload())


def widths() -> dict[str, int]:
    """What the columns of the store hold, in characters."""
    columns = InboundRow.__table__.columns  # type: ignore[attr-defined]
    return {name: columns[name].type.length for name in LONGEST}


@cache
def updates() -> tuple[dict[str, Any], ...]:
    """Updates as Telegram sends them."""
    found = [orjson.loads(f.read_bytes()) for f in sorted((EXAMPLES / "telegram").glob("*.json"))]
    return tuple(one.get("update", one) for one in found)


@cache
def events() -> tuple[dict[str, Any], ...]:
    """Events of the app and of 客户联系 as WeCom seals them, as fields."""
    listed = tomllib.loads((EXAMPLES / "wecom_app" / "events.toml").read_text("utf-8"))
    texts = [one["xml"] for one in listed.values()]
    return tuple(opened(f"<xml>{_HEAD}{text}</xml>") for text in [*texts, *_CHANGES])


_Door = Callable[[random.Random], tuple[str, Callable[[], object]]]


def telegram_body(chance: random.Random) -> bytes:
    """An update of Telegram, spoiled."""
    return _body(spoiled(chance.choice(updates()), chance), chance)


def _telegram(chance: random.Random) -> tuple[str, Callable[[], object]]:
    body = telegram_body(chance)

    def read() -> object:
        update = _decoded(body)
        return telegram(update, ME, NOW) if is_update(update) else None

    return repr(body[:300]), read


def _kf(chance: random.Random) -> tuple[str, Callable[[], object]]:
    if chance.random() < 0.5:
        item: dict[str, Any] = {**_CUSTOMER, "origin": 3, **chance.choice(_SAID)}
    else:
        event = {**_OUTSIDE, **chance.choice(_HAPPENED)}
        item = {**_CUSTOMER, "origin": 4, "msgtype": "event", "event": event}
    body = _body(spoiled(item, chance), chance)
    return repr(body[:300]), lambda: kf(_decoded(body), NOW)


def _app(chance: random.Random) -> tuple[str, Callable[[], object]]:
    fields = spoiled(chance.choice(events()), chance)
    text = _written(fields, chance)

    def read() -> object:
        event = Event(opened(text))
        chosen(event)
        contact.told(event, NOW)
        return app(event, NOW)

    return text, read


def _sealed(chance: random.Random) -> tuple[str, Callable[[], object]]:
    text = _written(chance.choice(events()), chance)
    sealed = CIPHER.encrypt(text, timestamp="1", nonce="2").encrypt
    body = _spoiled_bytes(f"<xml><Encrypt>{sealed}</Encrypt></xml>".encode(), chance)
    return repr(body[:300]), lambda: opened(CIPHER.decrypt(envelope(body).encrypt))


def _books(chance: random.Random) -> tuple[str, Callable[[], object]]:
    """Answers of 客户联系."""
    found = _decoded(_body(spoiled(_FOLLOWED, chance), chance))

    def read() -> object:
        if isinstance(found, dict):
            contact.contact(found.get("external_contact"), found.get("follow_info"))
            contact.group(found)
            contact.tags(found)
            contact.result(found.get("row"), NOW)
        return None

    return repr(found)[:300], read


DOORS: tuple[tuple[str, _Door], ...] = (
    *(("Telegram", _telegram), ("微信客服", _kf), ("WeCom app", _app)),
    *(("WeCom envelope", _sealed), ("客户联系", _books)),
)


def _decoded(body: bytes) -> Any:
    try:
        return decode(body)
    except ValueError:
        return None


def _body(value: Any, chance: random.Random) -> bytes:
    """JSON, mostly sound; now and then with what JSON does not allow."""
    text = json.dumps(value, ensure_ascii=False)
    if chance.random() < 0.15:
        odd = ("NaN", "Infinity", "1e999", '"\\ud800"', "9" * 400, '"\\u0000"', "[" * 2_000)
        text = text.replace(str(AT), chance.choice(odd), 1)
    body = text.encode("utf-8", "surrogatepass")
    return _spoiled_bytes(body, chance) if chance.random() < 0.15 else body


def _written(fields: dict[str, Any], chance: random.Random) -> str:
    """An event as XML or JSON, with what a stranger might put in."""
    if chance.random() < 0.3:
        return json.dumps(fields, ensure_ascii=False)
    try:
        text = as_xml(fields)
    except (TypeError, AttributeError, RecursionError):  # what no XML can say
        return json.dumps(fields, ensure_ascii=False)
    return chance.choice(_DRESSES)(text)


_DRESSES: tuple[Callable[[str], str], ...] = (
    *(lambda t: t, lambda t: t, lambda t: f'<?xml version="1.0" encoding="GBK"?>{t}'),
    lambda t: f"<!DOCTYPE xml [<!ENTITY l0 'ha'>{_LAUGHS}]>{t.replace('</xml>', '&l9;</xml>')}",
    lambda t: f'<!DOCTYPE xml [<!ENTITY e SYSTEM "file:///etc/passwd">]>{t}',
    lambda t: t.replace("<xml>", '<xml a="1" a="2">'),
    lambda t: t.replace("</xml>", f"<Content><![CDATA[{'长' * 50_000}]]></Content></xml>"),
    lambda t: t.replace("</xml>", "<a>" * 300 + "</a>" * 300 + "</xml>"),
    lambda t: t[: len(t) // 2],
)


def _spoiled_bytes(body: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(body))
    return chance.choice(
        (
            *(body[:at], body[:at] + chance.randbytes(3) + body[at:], body[at:] + body[:at]),
            *(body[:at] + b"\x00" + body[at:], body.decode("utf-8", "replace").encode("utf-16")),
            *(body[:at] + body[at + 1 :], body + b"=", body),
        )
    )
