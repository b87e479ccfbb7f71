"""Telegram updates → Inbound: each example file has its row."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from channels.decoding import decode
from channels.telegram.parse import Me, is_update, parse
from records.messages import Inbound, InboundKind

K = InboundKind
ME = Me(110201543, "guiyan_test_bot")
NOW = datetime(2026, 11, 21, 9, 5, tzinfo=UTC)
WRITTEN = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
PERSON, GROUP, SMALL_GROUP, FORUM = (
    "5102030405",
    "-1001234567890",
    "-987654",
    "-1009876543210",
)
EXAMPLES = Path(__file__).parent / "examples" / "telegram"

# example → kind, text, chat, extra
UNDERSTOOD: dict[str, tuple[InboundKind, str, str, dict[str, str]]] = {
    "text": (K.TEXT, "定陶区创业担保贷款最高多少？", PERSON, {}),
    "text_with_controls": (K.TEXT, "你好[31m👩‍🌾\n再见", PERSON, {}),
    "start": (K.START, "", PERSON, {}),
    "start_with_code": (K.START, "village-17", PERSON, {}),
    "help": (K.TEXT, "帮助", PERSON, {}),
    "cancel": (K.TEXT, "返回", PERSON, {}),
    "unknown_command": (K.TEXT, "/weather", PERSON, {}),
    "picture": (K.PICTURE, "", PERSON, {"file_id": "AgACAgUAA-large"}),
    "picture_with_caption": (
        K.TEXT,
        "这个证能办贷款吗",
        PERSON,
        {"file_id": "AgACAgUAA-large"},
    ),
    "contact_own": (K.CONTACT, "8613000000000", PERSON, {}),
    "contact_foreign": (K.OTHER, "", PERSON, {"contact": "foreign"}),
    "contact_unknown": (K.OTHER, "", PERSON, {"contact": "foreign"}),
    "voice": (K.VOICE, "", PERSON, {"file_id": "AwACAgUAA-voice", "duration": "7"}),
    "location": (K.OTHER, "", PERSON, {}),
    "sticker": (K.OTHER, "", PERSON, {}),
    "edited_soon": (K.TEXT, "定陶区最高多少", PERSON, {}),
    "tap": (K.OPTION, "planning", PERSON, {}),
    "tap_long_value": (K.OPTION, "很长很长的一个选项", PERSON, {}),
    "tap_in_group": (K.OPTION, "planning", GROUP, {}),
    "tap_old_message": (K.OPTION, "planning", PERSON, {}),
    "tap_old_long_value": (K.OTHER, "", PERSON, {}),
    "group_mention": (K.TEXT, "贷款最高多少", GROUP, {}),
    "group_mention_only": (K.TEXT, "帮助", GROUP, {}),
    "group_mention_inside": (K.TEXT, "请问 贷款最高多少", SMALL_GROUP, {}),
    "group_command": (K.TEXT, "帮助", GROUP, {}),
    "group_start": (K.START, "village-17", GROUP, {}),
    "group_reply_to_us": (K.TEXT, "那要几天？", GROUP, {}),
    "group_topic_reply_to_us": (K.TEXT, "那要几天？", FORUM, {"thread": "77"}),
    "group_anonymous_admin": (K.TEXT, "贷款最高多少", GROUP, {}),
    "group_contact": (K.OTHER, "", GROUP, {}),
    "group_migrates": (K.MIGRATED, "-1001234567999", SMALL_GROUP, {}),
    "blocked": (K.BLOCKED, "", PERSON, {}),
    "unblocked": (K.UNBLOCKED, "", PERSON, {}),
    "joined": (K.JOINED, "", GROUP, {"title": "村里的群"}),
    "joined_as_admin": (K.JOINED, "", GROUP, {"title": "村里的群"}),
    "joined_channel": (K.JOINED, "", "-1001111111111", {"title": "公告"}),
    "left": (K.LEFT, "", GROUP, {}),
    "kicked": (K.LEFT, "", GROUP, {}),
}
NOT_FOR_US = {
    "channel_post",
    "edited_in_group",
    "edited_late",
    "group_chatter",
    "group_command_of_another",
    "group_migrated_from",
    "group_new_member",
    "group_other_bot",
    "group_reply_to_another",
    "group_topic_first",
    "made_admin",
    "pinned",
    "restricted",
}
UNREADABLE = {
    "poison_no_chat": "",
    "poison_wrong_types": "",
    "tap_game": "",
    "unknown_kind": GROUP,
}


def _example(name: str) -> dict[str, Any]:
    value: dict[str, Any] = orjson.loads((EXAMPLES / f"{name}.json").read_bytes())
    return value


def _parsed(name: str) -> Inbound:
    message = parse(_example(name), ME, NOW)
    assert message is not None
    return message


def test_every_example_has_its_row() -> None:
    files = {path.stem for path in EXAMPLES.glob("*.json")}
    assert files == UNDERSTOOD.keys() | NOT_FOR_US | UNREADABLE.keys()


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_an_update_becomes_a_message(name: str) -> None:
    found = _parsed(name)
    assert (found.kind, found.text, found.chat, found.extra) == UNDERSTOOD[name]


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_every_message_says_where_it_came_from(name: str) -> None:
    found, number = _parsed(name), _example(name)["update_id"]
    assert (found.channel, found.outer_id, found.sequence) == ("telegram", str(number), number)
    assert found.is_group is (found.chat != PERSON)
    assert found.sender == ("1087968824" if name == "group_anonymous_admin" else PERSON)


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_a_message_has_the_time_it_was_written_and_a_tap_the_time_it_came(name: str) -> None:
    assert _parsed(name).sent_at == (NOW if name.startswith("tap") else WRITTEN)


@pytest.mark.parametrize("name", sorted(NOT_FOR_US))
def test_what_is_not_for_us_is_not_kept(name: str) -> None:
    assert parse(_example(name), ME, NOW) is None


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_has_no_sense_is_kept_as_it_is_without_names(name: str) -> None:
    found = _parsed(name)
    assert (found.kind, found.chat, found.sent_at) == (K.UNREADABLE, UNREADABLE[name], NOW)
    assert orjson.loads(found.text)["update_id"] == found.sequence
    assert "somebody" not in found.text
    assert "甲" not in found.text


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_names_are_left_behind(name: str) -> None:
    assert "somebody" not in repr(_parsed(name))


@pytest.mark.parametrize(
    "damage",
    [
        {"message": None},
        {"message": []},
        {"message": {"chat": 5}},
        {"message": {"chat": {"id": 1, "type": "private"}, "from": 7, "date": 1, "text": "x"}},
        {"message": {"chat": {"id": 1, "type": "private"}, "date": 10**18, "text": "x"}},
        {"message": {"chat": {"id": True, "type": "private"}, "date": 1, "text": "x"}},
        {"message": {"chat": {"id": 1, "type": "private"}, "date": 1, "photo": []}},
        {"callback_query": {"from": {"id": 1}}},
        {"my_chat_member": {"old_chat_member": {}, "new_chat_member": {}}},
        {},
    ],
    ids=str,
)
def test_no_damage_gets_past(damage: dict[str, Any]) -> None:
    found = parse({"update_id": 9, **damage}, ME, NOW)
    assert found is not None
    assert found.kind is K.UNREADABLE


def test_an_update_nested_without_end_is_kept_in_part() -> None:
    deep: Any = 1
    for _ in range(900):
        deep = [deep]
    found = parse({"update_id": 9, "strange": deep}, ME, NOW)
    assert found is not None
    assert len(found.text) < 100


@pytest.mark.parametrize(
    ("value", "can_be_stored"),
    [
        ({"update_id": 1}, True),
        ({"update_id": 2**63 - 1}, True),
        ({"update_id": 2**63}, False),
        ({"update_id": -1}, False),
        ({"update_id": "1"}, False),
        ({"update_id": True}, False),
        ({}, False),
        ([], False),
        (None, False),
    ],
)
def test_an_update_needs_a_number_that_can_be_stored(value: object, can_be_stored: bool) -> None:
    assert is_update(value) is can_be_stored


@pytest.mark.parametrize(
    ("payload", "value"),
    [
        (rb'["\ud83d\ude00"]', ["😀"]),
        (rb'["half \ud83d"]', ["half ?"]),
        (b'["broken \xff"]', ["broken \ufffd"]),
    ],
)
def test_json_that_is_not_quite_json_is_mended(payload: bytes, value: object) -> None:
    assert decode(payload) == value


@pytest.mark.parametrize("payload", [b"", b"{", b"NaN", b"[" * 100_000])
def test_what_is_no_json_is_an_error_of_one_kind(payload: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        decode(payload)
