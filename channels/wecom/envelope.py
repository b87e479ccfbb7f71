"""The envelopes of WeCom: XML or JSON in, a plain mapping out; and replies as they want them.

XML is read by expat, without DOCTYPE and so without entities of its own; what is declared in
another encoding than UTF-8 is refused; depth and number of elements are bounded, the size by who
reads the body. Source: developer.work.weixin.qq.com, pages 90930 and 96469 (XML), 101033 (JSON).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, TypeAlias
from xml.parsers import expat

import orjson

from channels.wecom.cipher import Sealed
from channels.wecom.refusals import Reason, Refused

# Texts, and what holds them; an element that repeats is a list. Numbers of JSON are their digits.
Value: TypeAlias = "str | list[Value] | dict[str, Value]"
Fields: TypeAlias = dict[str, Value]
# What we write may hold numbers too: they go without quotes.
Written: TypeAlias = "str | int | Sequence[Written] | Mapping[str, Written]"
Reply: TypeAlias = Mapping[str, Written]

DEPTH = 16  # the deepest known, the options of a card, is 5
ELEMENTS = 5_000

_UTF8 = {"utf-8", "utf8"}
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class EnvelopeError(Refused):
    """What was sent cannot be read; `reason` says why."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """The outer form of a callback. Only what is sealed can be believed; the rest is dropped."""

    encrypt: str
    is_json: bool


def envelope(body: bytes) -> Envelope:
    """The outer envelope of a callback's body; EnvelopeError."""
    text = _decoded(body)
    fields = parse(text)
    is_json = _is_json(text)
    encrypt = fields.get("encrypt" if is_json else "Encrypt")
    if not isinstance(encrypt, str) or not encrypt.strip():
        raise EnvelopeError(Reason.NO_CIPHERTEXT)
    return Envelope(encrypt.strip(), is_json)


def parse(text: str) -> Fields:
    """What an opened envelope says, in XML or JSON; EnvelopeError."""
    return _parse_json(text) if _is_json(text) else _parse_xml(text)


def is_envelope(text: str) -> bool:
    """It is a message, not the plain word of a URL check."""
    return text.lstrip().startswith(("<", "{", "["))


def as_xml(fields: Reply) -> str:
    """A reply as XML: texts in CDATA, numbers bare, lists as repeated elements."""
    return f"<xml>{_elements(fields)}</xml>"


def as_text(fields: Reply, *, is_json: bool) -> str:
    """A reply in the form in which the callback came."""
    return orjson.dumps(fields).decode() if is_json else as_xml(fields)


def sealed_reply(sealed: Sealed, *, is_json: bool) -> str:
    """The outer envelope of an encrypted reply."""
    if is_json:
        named: Reply = {
            "encrypt": sealed.encrypt,
            "msgsignature": sealed.signature,
            "timestamp": int(sealed.timestamp),
            "nonce": sealed.nonce,
        }
        return as_text(named, is_json=True)
    return (
        "<xml>\n"
        f"<Encrypt>{_cdata(sealed.encrypt)}</Encrypt>\n"
        f"<MsgSignature>{_cdata(sealed.signature)}</MsgSignature>\n"
        f"<TimeStamp>{int(sealed.timestamp)}</TimeStamp>\n"
        f"<Nonce>{_cdata(sealed.nonce)}</Nonce>\n"
        "</xml>"
    )


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise EnvelopeError(Reason.NOT_UTF8) from None


def _is_json(text: str) -> bool:
    return text.lstrip().startswith(("{", "["))


def _parse_json(text: str) -> Fields:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:  # also what is nested a thousand deep
        raise EnvelopeError(Reason.NOT_JSON) from None
    if not isinstance(value, dict):
        raise EnvelopeError(Reason.NOT_JSON)
    budget = _Budget()
    return {name: _value(inner, budget, 2) for name, inner in value.items()}


def _value(value: Any, budget: _Budget, depth: int) -> Value:
    budget.spend(depth)
    match value:
        case str():
            return value.replace("\0", "\ufffd")  # XML cannot say it, and no column holds it
        case dict():
            return {name: _value(inner, budget, depth + 1) for name, inner in value.items()}
        case list():
            return [_value(inner, budget, depth + 1) for inner in value]
        case None:
            return ""
    return orjson.dumps(value).decode()


class _Budget:
    """How many elements one envelope may still hold, and how deep."""

    def __init__(self) -> None:
        self._left = ELEMENTS

    def spend(self, depth: int) -> None:
        self._left -= 1
        if depth > DEPTH:
            raise EnvelopeError(Reason.TOO_DEEP)
        if self._left < 0:
            raise EnvelopeError(Reason.TOO_MANY)


def _parse_xml(text: str) -> Fields:
    builder = _Builder()
    try:
        builder.read(text)
    except expat.ExpatError:
        raise EnvelopeError(Reason.NOT_XML) from None
    except UnicodeEncodeError:
        raise EnvelopeError(Reason.NOT_UTF8) from None
    name, value = builder.root
    if name != "xml":
        raise EnvelopeError(Reason.NOT_XML)
    return value if isinstance(value, dict) else {}


class _Builder:
    """Turns expat's events into values: no tree in between, nothing recursive."""

    def __init__(self) -> None:
        self._budget = _Budget()
        self._open: list[tuple[str, Fields, list[str]]] = []
        self.root: tuple[str, Value] = ("", "")

    def read(self, text: str) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.XmlDeclHandler = _check_declaration
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = self._start
        parser.CharacterDataHandler = self._say
        parser.EndElementHandler = self._end
        parser.Parse(text, True)

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self._budget.spend(len(self._open) + 1)
        self._open.append((name, {}, []))

    def _say(self, text: str) -> None:
        self._open[-1][2].append(text)

    def _end(self, _name: str) -> None:
        name, inner, texts = self._open.pop()
        value: Value = inner or "".join(texts)
        if self._open:
            _add(self._open[-1][1], name, value)
        else:
            self.root = (name, value)


def _add(fields: Fields, name: str, value: Value) -> None:
    """Set an element; from the second of its name on it is a list."""
    if name not in fields:
        fields[name] = value
        return
    known = fields[name]
    if isinstance(known, list):
        known.append(value)
    else:
        fields[name] = [known, value]


def _check_declaration(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.lower() not in _UTF8:
        raise EnvelopeError(Reason.NOT_UTF8)


def _refuse_doctype(*_declared: object) -> NoReturn:
    raise EnvelopeError(Reason.DOCTYPE)


def _elements(fields: Reply) -> str:
    return "".join(_element(name, value) for name, value in fields.items())


def _element(name: str, value: Written) -> str:
    match value:
        case str():
            return f"<{name}>{_cdata(value)}</{name}>"
        case int():
            return f"<{name}>{value}</{name}>"
        case Mapping():
            return f"<{name}>{_elements(value)}</{name}>"
    return "".join(_element(name, one) for one in value)


def _cdata(text: str) -> str:
    clean = _NOT_IN_XML.sub("", text).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{clean}]]>"
