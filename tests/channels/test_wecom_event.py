"""Events of WeCom: which are the same one again, and what their fields say."""

from __future__ import annotations

import re
from typing import Any

import pytest

from channels.wecom.callback import Event
from tests.support.wecom_callback import NOW


class TestKeys:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ({"MsgId": "1"}, {"MsgId": "2"}),
            ({"MsgId": "1"}, {"Event": "subscribe"}),
            ({"CreateTime": "1"}, {"CreateTime": "2"}),
            ({"FromUserName": "a"}, {"FromUserName": "b"}),
            ({"Event": "subscribe"}, {"Event": "unsubscribe"}),
            ({"ChangeType": "create_user"}, {"ChangeType": "update_user"}),
            ({"Event": "click", "EventKey": "a"}, {"Event": "click", "EventKey": "b"}),
            ({"ExternalUserID": "a"}, {"ExternalUserID": "b"}),
            ({"UserID": "a"}, {"UserID": "b"}),
            ({"ChatId": "a"}, {"ChatId": "b"}),
            ({"TaskId": "a"}, {"TaskId": "b"}),
            ({"JobId": "a"}, {"JobId": "b"}),
            ({"MemChangeList": {"Item": ["a"]}}, {"MemChangeList": {"Item": ["b"]}}),
            ({"SelectedItems": {"a": "1"}}, {"SelectedItems": {"a": "2"}}),
            ({"FromUserName": "a", "CreateTime": ""}, {"FromUserName": "", "CreateTime": "a"}),
        ],
    )
    def test_tell_two_apart(self, one: Any, other: Any) -> None:
        assert Event(one).dedupe_key() != Event(other).dedupe_key()

    def test_do_not_rest_on_codes_that_a_repeat_may_bring_anew(self) -> None:
        fields = {"FromUserName": "a", "CreateTime": "1", "Event": "template_card_event"}
        one, other = Event({**fields, "ResponseCode": "x"}), Event({**fields, "ResponseCode": "y"})
        assert one.dedupe_key() == other.dedupe_key()

    @pytest.mark.parametrize("event", ["kf_msg_or_event", "KF_MSG_OR_EVENT"])
    def test_a_notice_of_messages_to_pull_has_none(self, event: str) -> None:
        notice = {"MsgType": "event", "Event": event, "Token": "t", "OpenKfId": "wk"}
        assert Event({**notice, "CreateTime": "1"}).dedupe_key() == ""

    @pytest.mark.parametrize(
        "fields", [{}, {"MsgId": "7" * 500}, {"MsgId": "7\0"}, {"UserID": "好" * 500}]
    )
    def test_fit_a_column(self, fields: dict[str, Any]) -> None:
        assert re.fullmatch("[0-9a-f]{64}", Event(fields).dedupe_key())

    def test_json_spells_them_small(self) -> None:
        assert Event({"msgid": "7"}).dedupe_key() == Event({"MsgId": "7"}).dedupe_key() == "7"


class TestEvents:
    def test_names_are_compared_in_lower_case(self) -> None:
        event = Event({"MsgType": "Event", "Event": "LOCATION"})
        assert (event.kind, event.event) == ("event", "location")

    def test_a_field_that_is_missing_or_no_text_is_empty(self) -> None:
        event = Event({"Content": {"a": "b"}, "MsgType": ["a", "b"]})
        assert (event.text("Content"), event.kind, event.sender) == ("", "", "")

    @pytest.mark.parametrize(
        ("fields", "values"), [({}, []), ({"a": "1"}, ["1"]), ({"a": ["1", "2"]}, ["1", "2"])]
    )
    def test_a_field_may_repeat(self, fields: Any, values: list[str]) -> None:
        assert Event(fields).values("a") == values

    @pytest.mark.parametrize(
        ("created", "stamp"), [(str(NOW), NOW), ("", None), ("soon", None), ("9" * 30, None)]
    )
    def test_know_when(self, created: str, stamp: int | None) -> None:
        sent_at = Event({"CreateTime": created}).sent_at
        assert (sent_at and sent_at.timestamp()) == stamp
