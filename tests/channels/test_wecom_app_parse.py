"""What WeCom posts to the app, and what it is to us; keys that carry the values of options."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from hypothesis import given, strategies

from channels.wecom import envelope
from channels.wecom.callback import Event
from channels.wecom.keys import joined, key_of, value_of
from channels.wecom_app.cards import bodies, row_of, task_of
from channels.wecom_app.parse import parse
from records.messages import Inbound, Option, Outgoing

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
FOLDER = Path(__file__).parent / "examples" / "wecom_app"
EXAMPLES = tomllib.loads((FOLDER / "events.toml").read_text("utf-8"))


def _event(xml: str, sender: str = "LiuYang") -> Event:
    head = f"<ToUserName>ww1</ToUserName><FromUserName>{sender}</FromUserName>"
    return Event(envelope.parse(f"<xml>{head}<CreateTime>1795320000</CreateTime>{xml}</xml>"))


def _heard(event: Event) -> tuple[str, str]:
    message = parse(event, NOW)
    return (message.kind.value, message.text) if message else ("none", "")


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_posted_is_understood(name: str) -> None:
    example = EXAMPLES[name]
    kind, text = _heard(_event(example["xml"], example.get("from", "LiuYang")))
    assert kind == example["kind"]
    assert kind == "unreadable" or text == example.get("text", "")


@pytest.mark.parametrize(
    "name", [name for name in EXAMPLES if "Selected" in EXAMPLES[name]["xml"]]
)
def test_json_spelled_small_says_the_same(name: str) -> None:
    event = _event(EXAMPLES[name]["xml"])
    small = orjson.dumps(event.fields).decode().replace("Selected", "selected")
    fields = {key.lower(): value for key, value in orjson.loads(small.lower()).items()}
    assert _heard(Event(fields)) == _heard(event)


def test_what_cannot_be_read_is_kept_whole() -> None:
    message = parse(_event("<MsgType>text</MsgType><MsgId>1</MsgId>"), NOW)
    assert isinstance(message, Inbound)
    assert orjson.loads(message.text)["MsgId"] == "1"


@pytest.mark.parametrize("xml", ["", "<MsgType>text</MsgType><Content>你好</Content>"])
def test_who_is_not_named_said_nothing(xml: str) -> None:
    assert parse(_event(xml, sender=""), NOW) is None


@given(strategies.text(min_size=1, max_size=400), strategies.sampled_from([128, 1024]))
def test_a_key_brings_its_value_back_or_is_none(value: str, limit: int) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        return
    key = key_of(value, limit)
    assert len(key.encode()) <= limit
    assert not key or value_of(key) == value


@pytest.mark.parametrize("key", ["", "x_", "x_zz", "x_ff", "y_1", "submit", "x_é"])
def test_a_strange_key_has_no_value(key: str) -> None:
    assert value_of(key) == ""


@pytest.mark.parametrize(
    ("values", "one"),
    [
        (["a:1"], "a:1"),
        (["a:1", "a:3"], "a:1 3"),
        (["a:1", "b:3"], "a:1、b:3"),
        (["种植", "养殖"], "种植、养殖"),
        ([], ""),
    ],
)
def test_several_values_are_one_answer(values: list[str], one: str) -> None:
    assert joined(values) == one


def _card(row: int, text: str = "要登记吗？") -> Outgoing:
    options = (Option("要", "consent:1"), Option("不", "不"))
    return Outgoing(row, "wecom_app", "LiuYang", text, options)


def test_a_card_is_named_alike_each_time_and_for_its_message_only() -> None:
    assert task_of(_card(7)) == task_of(_card(7))
    assert row_of(task_of(_card(7))) == 7
    assert len({task_of(card) for card in (_card(7), _card(8), _card(7, "还要吗？"))}) == 3


@given(strategies.text(max_size=500))
def test_a_card_says_all_of_its_text(text: str) -> None:
    said = ""
    for body in bodies(_card(7, text)):
        card = body.get("template_card") or {}
        said += "".join(
            [card.get("main_title", {}).get("title", ""), card.get("sub_title_text", "")]
        )
        said += body.get("text", {}).get("content", "")
    assert _bare(text) in _bare(said)


def _bare(text: str) -> str:
    return "".join(text.replace("<", "＜").split())
