"""What the fuzzer found in callbacks: each fault once, in the smallest form."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from channels.decoding import decode, moment
from channels.telegram.parse import Me
from channels.telegram.parse import parse as telegram
from channels.wecom import envelope
from channels.wecom.callback import Event
from channels.wecom_app.parse import parse as app
from channels.wecom_contact.parse import tags
from channels.wecom_kf.parse import parse as kf
from records.messages import Inbound, InboundKind
from tests.fuzz.mutants import nested

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SAID: dict[str, Any] = {
    "origin": 3,
    "msgid": "m1",
    "open_kfid": "wkA",
    "external_userid": "wmB",
    "send_time": 1_795_338_000,
    "msgtype": "text",
    "text": {"content": "贷款"},
}


@pytest.mark.parametrize(
    "strange",
    [
        {"text": "words where an object belongs"},
        {"text": [1]},
        {"msgtype": "location", "location": "定陶"},
        {"send_time": 253_402_300_799},
        {"send_time": -62_135_596_800},
        {"external_userid": "a" * 300},
        {"msgid": "a" * 300},
        {"msgid": ""},
        {"text": nested(300)},
    ],
)
def test_a_strange_message_is_kept_as_unreadable(strange: dict[str, Any]) -> None:
    found = kf(SAID | strange, NOW)
    assert isinstance(found, Inbound)
    assert (found.kind, found.sent_at) == (InboundKind.UNREADABLE, NOW)
    assert 0 < len(found.outer_id) <= 80


def test_two_messages_without_ids_are_two() -> None:
    first, other = (kf(SAID | {"msgid": "", "send_time": t}, NOW) for t in (1, 2))
    assert isinstance(first, Inbound)
    assert isinstance(other, Inbound)
    assert first.outer_id != other.outer_id


def test_no_nul_comes_through() -> None:
    assert decode(rb'{"a": "1\u0000\u00002", "b": "\\u0000"}') == {
        "a": "1\ufffd\ufffd2",
        "b": r"\u0000",
    }
    assert envelope.parse(r'{"FromUserName": "a\u0000b"}') == {"FromUserName": "a\ufffdb"}


def test_a_sender_longer_than_any_userid_is_nobody() -> None:
    text = f"<xml><FromUserName>{'a' * 65}</FromUserName><MsgType>text</MsgType></xml>"
    assert app(Event(envelope.parse(text)), NOW) is None


def test_a_message_from_the_end_of_the_calendar_is_unreadable() -> None:
    message = {"date": 253_402_300_799, "chat": {"id": 1, "type": "private"}, "text": "好"}
    found = telegram({"update_id": 1, "message": message}, Me(1, "bot"), NOW)
    assert found is not None
    assert found.kind is InboundKind.UNREADABLE


@pytest.mark.parametrize("seconds", [-1, 10**10])
def test_no_moment_lies_where_no_zone_can_be_added(seconds: int) -> None:
    with pytest.raises(ValueError, match="no time"):
        moment(seconds)


@pytest.mark.parametrize(
    "listed", [["no group"], [{"tag": [{}]}], [{"group_name": "g", "tag": 1}], 7]
)
def test_tags_that_make_no_sense_are_none_and_not_fewer(listed: Any) -> None:
    assert tags({"tag_group": listed}) is None
