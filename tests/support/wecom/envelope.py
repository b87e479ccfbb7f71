"""A callback on the wire: the XML inside, the sealed XML around it, and the passive reply."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any
from xml.etree import ElementTree

from tests.support.wecom.seal import Seal

Fields = Mapping[str, Any]  # text, whole number, mapping, or a list of any: elements of that name


@dataclass(frozen=True, slots=True)
class Envelope:
    """One request, still unsent; the query is not yet URL-encoded."""

    query: dict[str, str]
    body: str


def xml(fields: Fields) -> str:
    return f"<xml>{''.join(_elements(fields))}</xml>"


def envelope(
    seal: Seal, fields: Fields, *, at: float, rng: Random, agent_id: str = ""
) -> Envelope:
    """The sealed fields in their outer XML, with a signature over a nonce of its own."""
    encrypted = seal.close(xml(fields))
    outer = {"ToUserName": fields["ToUserName"], "Encrypt": encrypted, "AgentID": agent_id}
    return Envelope(query(seal, encrypted, at=at, rng=rng), xml(outer))


def query(seal: Seal, encrypted: str, *, at: float, rng: Random) -> dict[str, str]:
    """Timestamp, nonce and the signature over them."""
    timestamp, nonce = str(int(at)), str(rng.randrange(10**8, 10**10))
    signature = seal.signature(timestamp, nonce, encrypted)
    return {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce}


def opened_reply(seal: Seal, body: str) -> dict[str, Any]:
    """The fields of a passive reply; ValueError if the platform would not take it."""
    outer = fields_of(ElementTree.fromstring(body))
    encrypted = outer["Encrypt"]
    if outer["MsgSignature"] != seal.signature(outer["TimeStamp"], outer["Nonce"], encrypted):
        raise ValueError("the reply's signature is wrong")
    return fields_of(ElementTree.fromstring(seal.open(encrypted)))


def fields_of(element: ElementTree.Element) -> dict[str, Any]:
    """Elements as a mapping; what repeats becomes a list."""
    found: dict[str, Any] = {}
    for child in element:
        value = fields_of(child) if len(child) else (child.text or "")
        if child.tag in found:
            before = found[child.tag]
            found[child.tag] = [*(before if isinstance(before, list) else [before]), value]
        else:
            found[child.tag] = value
    return found


def _elements(fields: Fields) -> Iterable[str]:
    for name, value in fields.items():
        for one in value if isinstance(value, list) else [value]:
            yield f"<{name}>{_content(one)}</{name}>"


def _content(value: object) -> str:
    if isinstance(value, Mapping):
        return "".join(_elements(value))
    if isinstance(value, int | float):
        return str(value)
    return f"<![CDATA[{str(value).replace(']]>', ']]]]><![CDATA[>')}]]>"
