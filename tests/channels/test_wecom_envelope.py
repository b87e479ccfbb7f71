"""WeCom's envelopes: what is read from XML and JSON, what is refused, and how replies look."""

from __future__ import annotations

import re
import time
from xml.etree import ElementTree

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.wecom.cipher import Sealed
from channels.wecom.envelope import (
    DEPTH,
    ELEMENTS,
    EnvelopeError,
    Reply,
    as_text,
    as_xml,
    envelope,
    is_envelope,
    parse,
    sealed_reply,
)
from channels.wecom.refusals import Reason
from tests.support.wecom_vectors import VECTORS

ENCRYPT = VECTORS["A2"].sealed.encrypt
POSTED = (
    "<xml><ToUserName><![CDATA[wx5823bf96d3bd56c7]]></ToUserName>"
    f"<Encrypt><![CDATA[{ENCRYPT}]]></Encrypt><AgentID><![CDATA[218]]></AgentID></xml>"
)
LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
often = settings(max_examples=100, deadline=None)


def reason_of(text: str) -> Reason:
    with pytest.raises(EnvelopeError) as caught:
        parse(text)
    return caught.value.reason


def nested(depth: int) -> str:
    return "<xml>" + "<a>" * depth + "</a>" * depth + "</xml>"


class TestOuter:
    @pytest.mark.parametrize(
        "body",
        [
            POSTED,
            POSTED.replace("><", ">\r\n  <"),
            '<?xml version="1.0" encoding="UTF-8"?>\n' + POSTED,
            "<?xml version='1.0' encoding='utf8'?>" + POSTED,
            "\ufeff" + POSTED,
            f"<xml><Encrypt>\n{ENCRYPT}\n</Encrypt></xml>",
            f"<xml><!-- no --><Encrypt><![CDATA[{ENCRYPT[:9]}]]>{ENCRYPT[9:]}</Encrypt></xml>",
            f'<xml from="x"><Encrypt kind="y">{ENCRYPT}</Encrypt></xml>',
        ],
    )
    def test_xml_gives_the_ciphertext(self, body: str) -> None:
        outer = envelope(body.encode())
        assert (outer.encrypt, outer.is_json) == (ENCRYPT, False)

    def test_json_gives_the_ciphertext(self) -> None:
        body = {"tousername": "wx5823bf96d3bd56c7", "encrypt": ENCRYPT, "agentid": "218"}
        outer = envelope(b"\n" + orjson.dumps(body))
        assert (outer.encrypt, outer.is_json) == (ENCRYPT, True)

    @pytest.mark.parametrize(
        "body",
        [
            "<xml></xml>",
            "<xml>text</xml>",
            "<xml><Encrypt></Encrypt></xml>",
            "<xml><Encrypt> \n </Encrypt></xml>",
            "<xml><Encrypt><a>b</a></Encrypt></xml>",
            "<xml><Encrypt>a</Encrypt><Encrypt>b</Encrypt></xml>",
            "<xml><encrypt>a</encrypt></xml>",
            "<xml><Content>in the clear</Content></xml>",
            "{}",
            '{"Encrypt":"a"}',
            '{"encrypt":""}',
            '{"encrypt":null}',
            '{"encrypt":["a"]}',
        ],
    )
    def test_without_one_ciphertext_it_is_refused(self, body: str) -> None:
        with pytest.raises(EnvelopeError) as caught:
            envelope(body.encode())
        assert caught.value.reason is Reason.NO_CIPHERTEXT

    @pytest.mark.parametrize(
        "body",
        [
            POSTED.encode("utf-16"),
            "<xml><Encrypt>好</Encrypt></xml>".encode("gbk"),
            b"<xml>\xff</xml>",
            f'<?xml version="1.0" encoding="GBK"?>{POSTED}'.encode(),
            f'<?xml version="1.0" encoding="UTF-16"?>{POSTED}'.encode(),
            f'<?xml version="1.0" encoding="UTF-7"?>{POSTED}'.encode(),
            b'{"encrypt":"\xff"}',
        ],
    )
    def test_only_utf8_is_read(self, body: bytes) -> None:
        with pytest.raises(EnvelopeError) as caught:
            envelope(body)
        assert caught.value.reason is Reason.NOT_UTF8

    @pytest.mark.parametrize("body", [b"", b" ", b"\0", b"hello", b"a=b&c=d", b"\xef\xbb\xbf"])
    def test_what_is_neither_is_refused(self, body: bytes) -> None:
        with pytest.raises(EnvelopeError) as caught:
            envelope(body)
        assert caught.value.reason is Reason.NOT_XML

    @often
    @given(body=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
    def test_noise_is_refused_and_never_more(self, body: bytes) -> None:
        with pytest.raises(EnvelopeError):
            envelope(body)


class TestReading:
    def test_a_message_as_tencent_shows_it(self) -> None:
        assert parse(VECTORS["A2"].plain) == {
            "ToUserName": "wx5823bf96d3bd56c7",
            "FromUserName": "mycreate",
            "CreateTime": "1409659813",
            "MsgType": "text",
            "Content": "hello",
            "MsgId": "4561255354251345929",
            "AgentID": "218",
        }

    def test_an_event_with_choices(self) -> None:
        ids = "<OpitonIds><OpitonId>a</OpitonId><OpitonId>b</OpitonId></OpitonIds>"
        item = f"<SelectedItem><QuestionKey>q</QuestionKey>{ids}</SelectedItem>"
        fields = parse(f"<xml><SelectedItems>{item * 2}</SelectedItems></xml>")
        one = {"QuestionKey": "q", "OpitonIds": {"OpitonId": ["a", "b"]}}
        assert fields == {"SelectedItems": {"SelectedItem": [one, one]}}

    @pytest.mark.parametrize(
        ("inner", "value"),
        [
            ("<a>1</a>", "1"),
            ("<a/>", ""),
            ("<a></a>", ""),
            ("<a><![CDATA[]]></a>", ""),
            ("<a> 两头 </a>", " 两头 "),
            ("<a><![CDATA[<b>&amp;</b>]]></a>", "<b>&amp;</b>"),
            ("<a>&lt;&#22909;&amp;</a>", "<好&"),
            ("<a><![CDATA[x]]]]><![CDATA[>y]]></a>", "x]]>y"),
            ("<a>1</a><a>2</a><a/>", ["1", "2", ""]),
            ("<a><b>1</b></a><a>2</a>", [{"b": "1"}, "2"]),
            ("<a>\n <b>1</b>\n</a>", {"b": "1"}),
            ("<a>😀𠮷</a>", "😀𠮷"),
        ],
    )
    def test_an_element_is_its_text_or_what_it_holds(self, inner: str, value: object) -> None:
        assert parse(f"<xml>{inner}</xml>") == {"a": value}

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("1409659813", "1409659813"),
            ("4561255354251345929", "4561255354251345929"),
            ("18446744073709551615", "18446744073709551615"),
            ("true", "true"),
            ("null", ""),
            ('"a"', "a"),
            ("[1,[2]]", ["1", ["2"]]),
            ('{"b":{"c":0.5}}', {"b": {"c": "0.5"}}),
        ],
    )
    def test_json_is_read_as_texts(self, text: str, value: object) -> None:
        assert parse(f' {{"a":{text}}}') == {"a": value}

    @often
    @given(text=st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"))))
    def test_any_text_comes_back(self, text: str) -> None:
        readable = re.sub("[\ufffe\uffff]", "", text)
        assert parse(as_xml({"Content": text})) == {"Content": readable}

    @pytest.mark.parametrize(
        ("text", "is_one"),
        [
            ("1616140317555161061", False),
            ("我是中文abcd123", False),
            ("", False),
            (VECTORS["A2"].plain, True),
            ("\n <xml/>", True),
            ('{"msgtype":"text"}', True),
            ("[1]", True),
        ],
    )
    def test_a_message_is_told_from_the_word_of_a_check(self, text: str, is_one: bool) -> None:
        assert is_envelope(text) is is_one


class TestBombs:
    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            (f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]><xml>&l9;</xml>', Reason.DOCTYPE),
            ('<!DOCTYPE x SYSTEM "file:///etc/passwd"><xml/>', Reason.DOCTYPE),
            (
                '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml>&e;</xml>',
                Reason.DOCTYPE,
            ),
            ('<!DOCTYPE x PUBLIC "-//x" "http://127.0.0.1/x.dtd"><xml/>', Reason.DOCTYPE),
            ('<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1/">%p;]><xml/>', Reason.DOCTYPE),
            ("<!DOCTYPE xml><xml/>", Reason.DOCTYPE),
            (
                '<?xml version="1.0"?>\n<!DOCTYPE xml [<!ATTLIST xml a CDATA "b">]><xml/>',
                Reason.DOCTYPE,
            ),
            ("<xml>&e;</xml>", Reason.NOT_XML),
            ("<xml>&#0;</xml>", Reason.NOT_XML),
            ("<xml>\0</xml>", Reason.NOT_XML),
            ("<xml><a></xml>", Reason.NOT_XML),
            ("<xml/><xml/>", Reason.NOT_XML),
            ("<xml/>tail", Reason.NOT_XML),
            ("<xml", Reason.NOT_XML),
            ("<html><a>1</a></html>", Reason.NOT_XML),
            ("<xml><n:a>1</a></xml>", Reason.NOT_XML),
            ('<xml a="1" a="2"/>', Reason.NOT_XML),
            (nested(100_000), Reason.TOO_DEEP),
            (nested(DEPTH), Reason.TOO_DEEP),
            ("<xml>" + "<a/>" * 200_000 + "</xml>", Reason.TOO_MANY),
            ("<xml>" + "<a/>" * ELEMENTS + "</xml>", Reason.TOO_MANY),
            ('{"a":' * 100_000, Reason.NOT_JSON),
            ("[" * 100_000, Reason.NOT_JSON),
            ('{"a":' + "[" * 900 + "]" * 900 + "}", Reason.TOO_DEEP),
            ('{"a":' + "[" * DEPTH + "]" * DEPTH + "}", Reason.TOO_DEEP),
            ('{"a":[' + "0," * 300_000 + "0]}", Reason.TOO_MANY),
            ('{"a":NaN}', Reason.NOT_JSON),
            ('{"a":"\\ud800"}', Reason.NOT_JSON),
            ('{"a":1}{"b":2}', Reason.NOT_JSON),
            ("[1]", Reason.NOT_JSON),
            ("{", Reason.NOT_JSON),
        ],
        ids=range(31),
    )
    def test_is_refused_at_once(self, text: str, reason: Reason) -> None:
        began = time.process_time()
        assert reason_of(text) is reason
        assert time.process_time() - began < 1

    def test_what_is_deep_and_wide_enough_is_read(self) -> None:
        assert parse(nested(DEPTH - 1))
        assert parse("<xml>" + "<a/>" * (ELEMENTS - 1) + "</xml>")

    def test_a_million_numerals_are_no_number(self) -> None:
        assert reason_of('{"a":1' + "0" * 1_000_000 + "e}") is Reason.NOT_JSON


class TestReplies:
    def test_the_outer_form_is_known_to_the_byte(self) -> None:
        sealed = VECTORS["A3"].sealed
        assert sealed_reply(sealed, is_json=False) == (
            f"<xml>\n<Encrypt><![CDATA[{sealed.encrypt}]]></Encrypt>\n"
            "<MsgSignature><![CDATA[407518b7649e86ef23978113f92d27afa9296533]]></MsgSignature>\n"
            "<TimeStamp>1411525903</TimeStamp>\n<Nonce><![CDATA[461056294]]></Nonce>\n</xml>"
        )

    def test_in_json_the_names_are_small_and_the_time_a_number(self) -> None:
        sealed = Sealed("e", "s", "1760000000", "n")
        assert orjson.loads(sealed_reply(sealed, is_json=True)) == {
            "encrypt": "e",
            "msgsignature": "s",
            "timestamp": 1_760_000_000,
            "nonce": "n",
        }

    def test_texts_are_quoted_and_numbers_are_not(self) -> None:
        reply: Reply = {"MsgType": "text", "CreateTime": 1_411_525_903, "Content": "a<b]]>c"}
        assert as_xml(reply) == (
            "<xml><MsgType><![CDATA[text]]></MsgType><CreateTime>1411525903</CreateTime>"
            "<Content><![CDATA[a<b]]]]><![CDATA[>c]]></Content></xml>"
        )

    def test_what_holds_others_and_what_repeats(self) -> None:
        written = as_xml({"Button": {"ReplaceName": "已收到"}, "item": [1, {"a": "b"}]})
        root = ElementTree.fromstring(written)
        assert [element.tag for element in root] == ["Button", "item", "item"]
        assert parse(written) == {"Button": {"ReplaceName": "已收到"}, "item": ["1", {"a": "b"}]}

    def test_what_xml_cannot_carry_is_left_out(self) -> None:
        assert parse(as_xml({"Content": "a\0b\x1fc\ufffed\ud800e\n"})) == {"Content": "abcde\n"}

    def test_the_form_follows_the_callback(self) -> None:
        reply: Reply = {"MsgType": "text", "CreateTime": 1}
        assert as_text(reply, is_json=True) == '{"MsgType":"text","CreateTime":1}'
        assert as_text(reply, is_json=False) == as_xml(reply)
