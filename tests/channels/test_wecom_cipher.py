"""WeCom's cipher: known answers both ways, another's library both ways, and each check."""

from __future__ import annotations

import base64
import re
import struct

import pytest
from cryptography.hazmat.primitives import ciphers
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidSignatureException

from channels.wecom.cipher import BadKey, Cipher, CipherError, Sealed
from channels.wecom.refusals import Reason
from tests.support.wecom_vectors import VECTORS, Vector

TOKEN, KEY, CORP = "QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "ww5823bf96d3bd56c7"
RAW_KEY = base64.b64decode(KEY + "=")
SIGNED = {"timestamp": "1409659589", "nonce": "263014780"}
often = settings(max_examples=100, deadline=None)
each_vector = pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)
texts = st.text(st.characters(codec="utf-8"), max_size=300)
keys = st.binary(min_size=32, max_size=32).map(lambda raw: base64.b64encode(raw).decode()[:-1])


@pytest.fixture
def cipher() -> Cipher:
    return Cipher(TOKEN, KEY, CORP)


def closed(plain: bytes) -> str:
    """Any bytes under the key of the tests, padded or not."""
    aes = ciphers.Cipher(AES(RAW_KEY), CBC(RAW_KEY[:16])).encryptor()
    return base64.b64encode(aes.update(plain) + aes.finalize()).decode()


def framed(
    text: bytes = b"hello", *, length: int | None = None, receiver: str = CORP, pad: bytes = b""
) -> bytes:
    """What is sealed, with whatever is to be wrong in it."""
    said = len(text) if length is None else length
    plain = b"r" * 16 + struct.pack(">I", said) + text + receiver.encode()
    missing = 32 - len(plain) % 32
    return plain + (pad or bytes([missing]) * missing)


def reason_of(cipher: Cipher, encrypt: str) -> Reason:
    with pytest.raises(CipherError) as caught:
        cipher.decrypt(encrypt)
    return caught.value.reason


class TestKnownAnswers:
    @each_vector
    def test_opens(self, vector: Vector) -> None:
        assert vector.cipher().decrypt(vector.sealed.encrypt) == vector.plain

    @each_vector
    def test_seals_to_the_byte(self, vector: Vector) -> None:
        timestamp, nonce = vector.sealed.timestamp, vector.sealed.nonce
        sealed = vector.cipher().encrypt(vector.plain, timestamp=timestamp, nonce=nonce)
        assert sealed == vector.sealed

    @each_vector
    def test_takes_the_signature(self, vector: Vector) -> None:
        sealed = vector.sealed
        vector.cipher().verify(sealed.signature, sealed.timestamp, sealed.nonce, sealed.encrypt)

    @each_vector
    def test_pads_to_blocks_of_32(self, vector: Vector) -> None:
        aes_key = base64.b64decode(vector.aes_key + "=")
        aes = ciphers.Cipher(AES(aes_key), CBC(aes_key[:16])).decryptor()
        plain = aes.update(base64.b64decode(vector.sealed.encrypt)) + aes.finalize()
        assert plain[-vector.pad :] == bytes([vector.pad]) * vector.pad
        assert len(plain) % 32 == 0

    def test_there_are_five(self) -> None:
        assert list(VECTORS) == ["A1", "A2", "A3", "A4", "A5"]


class TestPadding:
    @pytest.mark.parametrize(
        ("length", "missing"),
        [(0, 10), (9, 1), (10, 32), (11, 31), (41, 1), (42, 32)],
    )
    def test_fills_up_to_32_bytes(self, length: int, missing: int) -> None:
        plain = framed(b"x" * length, receiver="r2")  # 22 bytes without the text
        cipher = Cipher(TOKEN, KEY, "r2", draw=lambda count: b"r" * count)
        assert plain.endswith(bytes([missing]) * missing)
        assert cipher.encrypt("x" * length, **SIGNED).encrypt == closed(plain)

    @pytest.mark.parametrize("length", range(70))
    def test_every_length_comes_back(self, cipher: Cipher, length: int) -> None:
        sealed = cipher.encrypt("x" * length, **SIGNED)
        assert cipher.decrypt(sealed.encrypt) == "x" * length


class TestRoundTrip:
    @often
    @given(text=texts, key=keys, receiver=st.text("abcwx0189_-", min_size=1, max_size=64))
    def test_what_we_seal_we_open(self, text: str, key: str, receiver: str) -> None:
        cipher = Cipher(TOKEN, key, receiver)
        sealed = cipher.encrypt(text, **SIGNED)
        cipher.verify(sealed.signature, sealed.timestamp, sealed.nonce, sealed.encrypt)
        assert cipher.decrypt(sealed.encrypt) == text

    def test_the_same_text_is_never_sealed_alike(self, cipher: Cipher) -> None:
        assert cipher.encrypt("a", **SIGNED).encrypt != cipher.encrypt("a", **SIGNED).encrypt

    def test_a_nonce_is_digits_and_drawn_anew(self, cipher: Cipher) -> None:
        assert cipher.draw_nonce().isdecimal()
        assert cipher.draw_nonce() != cipher.draw_nonce()


class TestAnotherLibrary:
    """wechatpy 1.8.18 shares no line with ours."""

    @often
    @given(text=texts.filter(lambda text: text.strip()), key=keys)
    def test_opens_ours(self, text: str, key: str) -> None:
        sealed = Cipher(TOKEN, key, CORP).encrypt(text, **SIGNED)
        theirs = WeChatCrypto(TOKEN, key, CORP)
        envelope = {"Encrypt": sealed.encrypt}
        opened = theirs.decrypt_message(envelope, sealed.signature, sealed.timestamp, sealed.nonce)
        assert opened == text

    @often
    @given(text=texts.filter(lambda text: text.strip()), key=keys)
    def test_is_opened_by_ours(self, text: str, key: str) -> None:
        theirs = WeChatCrypto(TOKEN, key, CORP)
        written = theirs.encrypt_message(text, SIGNED["nonce"], SIGNED["timestamp"])
        encrypt, signature = re.findall(r"CDATA\[(.*?)\]", written)[:2]
        cipher = Cipher(TOKEN, key, CORP)
        cipher.verify(signature, SIGNED["timestamp"], SIGNED["nonce"], encrypt)
        assert cipher.decrypt(encrypt) == text

    def test_refuses_what_ours_refuses(self, cipher: Cipher) -> None:
        sealed = cipher.encrypt("a", **SIGNED)
        theirs = WeChatCrypto(TOKEN, KEY, CORP)
        with pytest.raises(InvalidSignatureException):
            theirs.decrypt_message({"Encrypt": sealed.encrypt}, "0" * 40, "1", "2")


class TestSignature:
    @pytest.mark.parametrize("field", ["signature", "timestamp", "nonce", "encrypt"])
    def test_every_changed_character_is_noticed(self, cipher: Cipher, field: str) -> None:
        given = {"encrypt": cipher.encrypt("hello", **SIGNED).encrypt, **SIGNED}
        given["signature"] = cipher.sign(given["timestamp"], given["nonce"], given["encrypt"])
        for place, character in enumerate(given[field]):
            other = "1" if character != "1" else "2"
            changed = given[field][:place] + other + given[field][place + 1 :]
            with pytest.raises(CipherError, match="signature"):
                cipher.verify(**(given | {field: changed}))

    @pytest.mark.parametrize(
        "signature",
        ["", "5c45", "5C45FF5E21C57E6AD56BAC8758B79B1D9AC89FD3", "五" * 40, "\ud800"],
        ids=["none", "cut", "upper case", "Chinese", "half a pair"],
    )
    def test_only_the_whole_one_is_taken(self, signature: str) -> None:
        vector = VECTORS["A1"]
        sealed = vector.sealed
        with pytest.raises(CipherError, match="signature"):
            vector.cipher().verify(signature, sealed.timestamp, sealed.nonce, sealed.encrypt)

    def test_another_token_signs_otherwise(self, cipher: Cipher) -> None:
        sealed = Cipher("another", KEY, CORP).encrypt("a", **SIGNED)
        with pytest.raises(CipherError, match="signature"):
            cipher.verify(sealed.signature, sealed.timestamp, sealed.nonce, sealed.encrypt)

    def test_sorts_as_bytes(self) -> None:
        assert Cipher("b", KEY, CORP).sign("a", "B", "1") == Cipher("1", KEY, CORP).sign(
            "B", "a", "b"
        )


class TestOpening:
    @pytest.mark.parametrize(
        ("plain", "reason"),
        [
            (framed(pad=b"\0" * 6), Reason.PADDING),
            (framed(pad=b"\x21" * 38), Reason.PADDING),
            (framed(pad=b"\xff" * 6), Reason.PADDING),
            (framed(pad=b"\x05" + b"\x06" * 5), Reason.PADDING),
            (framed(pad=b"\x06" * 5 + b"\x07"), Reason.PADDING),
            (b"\x20" * 16, Reason.PADDING),
            (b"\x20" * 32, Reason.TOO_SHORT),
            (b"r" * 19 + b"\x0d" * 13, Reason.TOO_SHORT),
            (framed(length=1_000), Reason.LENGTH),
            (framed(length=2**32 - 1), Reason.LENGTH),
            (framed(length=len("hello" + CORP) + 1), Reason.LENGTH),
            (framed(length=4), Reason.RECEIVER),
            (framed(length=6), Reason.RECEIVER),
            (framed(length=0), Reason.RECEIVER),
            (framed(receiver=""), Reason.RECEIVER),
            (framed(receiver=CORP.upper()), Reason.RECEIVER),
            (framed(receiver=CORP + "x"), Reason.RECEIVER),
            (framed(receiver=CORP[:-1]), Reason.RECEIVER),
            (framed(b"\xff\xfe"), Reason.NOT_UTF8),
            (framed(b"\xed\xa0\x80"), Reason.NOT_UTF8),
            (framed("好".encode()[:2]), Reason.NOT_UTF8),
        ],
    )
    def test_what_is_wrong_inside_is_told_apart(
        self, cipher: Cipher, plain: bytes, reason: Reason
    ) -> None:
        assert reason_of(cipher, closed(plain[: len(plain) // 16 * 16])) is reason

    @pytest.mark.parametrize(
        ("encrypt", "reason"),
        [
            ("", Reason.BLOCKS),
            (base64.b64encode(b"x" * 15).decode(), Reason.BLOCKS),
            (base64.b64encode(b"x" * 33).decode(), Reason.BLOCKS),
            ("好", Reason.BASE64),
            ("-_" + "A" * 42, Reason.BASE64),
            ("A" * 43, Reason.BASE64),
            ("A" * 42 + "===", Reason.BASE64),
            ("A" * 20 + "\n" + "A" * 22 + "==", Reason.BASE64),
            ("A" * 42 + "== ", Reason.BASE64),
            ("A" * 21 + "B==", Reason.BASE64),
        ],
    )
    def test_what_is_wrong_outside_is_told_apart(
        self, cipher: Cipher, encrypt: str, reason: Reason
    ) -> None:
        assert reason_of(cipher, encrypt) is reason

    def test_no_changed_byte_passes_as_another_receiver(self, cipher: Cipher) -> None:
        raw = base64.b64decode(cipher.encrypt("hello", **SIGNED).encrypt)
        for place in range(16, len(raw)):  # the first 16 hide random bytes only
            changed = bytearray(raw)
            changed[place] ^= 1
            with pytest.raises(CipherError):
                cipher.decrypt(base64.b64encode(changed).decode())

    @often
    @given(raw=st.binary(max_size=200))
    def test_noise_never_opens(self, raw: bytes) -> None:
        cipher = Cipher(TOKEN, KEY, CORP)
        with pytest.raises(CipherError):
            cipher.decrypt(base64.b64encode(raw).decode())

    def test_length_counts_bytes(self, cipher: Cipher) -> None:
        assert cipher.decrypt(closed(framed("我是中文".encode()))) == "我是中文"

    def test_the_random_bytes_need_not_be_text(self, cipher: Cipher) -> None:
        assert cipher.decrypt(closed(b"\xff" * 16 + framed()[16:])) == "hello"

    def test_whole_blocks_of_16_are_enough(self, cipher: Cipher) -> None:
        plain = b"r" * 16 + struct.pack(">I", 5) + b"hello" + CORP.encode()
        missing = 48 - len(plain)
        assert cipher.decrypt(closed(plain + bytes([missing]) * missing)) == "hello"


class TestReceiver:
    def test_none_is_right_where_none_is_configured(self) -> None:
        cipher = Cipher(TOKEN, KEY, "", without_receiver=True)
        assert cipher.decrypt(closed(framed(receiver=""))) == "hello"

    def test_somebody_is_wrong_where_none_is_configured(self) -> None:
        cipher = Cipher(TOKEN, KEY, "", without_receiver=True)
        assert reason_of(cipher, closed(framed())) is Reason.RECEIVER

    @pytest.mark.parametrize(("corp", "without"), [("", False), (CORP, True)])
    def test_is_never_left_out_by_mistake(self, corp: str, without: bool) -> None:
        with pytest.raises(BadKey, match="corp id"):
            Cipher(TOKEN, KEY, corp, without_receiver=without)


class TestKeys:
    def test_unused_bits_of_the_last_character_do_not_matter(self) -> None:
        sealed = Cipher(TOKEN, KEY[:-1] + "D", CORP).encrypt("hello", **SIGNED)
        assert Cipher(TOKEN, KEY, CORP).decrypt(sealed.encrypt) == "hello"

    @pytest.mark.parametrize(
        "key",
        [
            "",
            KEY[:-1],
            KEY + "a",
            KEY + "=",
            KEY[:-1] + "=",
            KEY[:-1] + "$",
            KEY + "\n",
            "钥" * 43,
        ],
    )
    def test_a_bad_one_is_refused_in_words(self, key: str) -> None:
        with pytest.raises(BadKey, match="EncodingAESKey must be the 43") as caught:
            Cipher(TOKEN, key, CORP)
        assert not key or key not in str(caught.value)

    @pytest.mark.parametrize("token", ["", "a" * 33, "with space", "with-hyphen", "令牌", "a\n"])
    def test_a_bad_token_is_refused_in_words(self, token: str) -> None:
        with pytest.raises(BadKey, match="Token must be 1 to 32 letters") as caught:
            Cipher(token, KEY, CORP)
        assert not token or token not in str(caught.value)

    def test_nothing_secret_is_shown(self) -> None:
        cipher = Cipher(TOKEN, KEY, CORP)
        assert TOKEN not in repr(cipher)
        assert KEY not in repr(cipher)


def test_a_sealed_text_carries_what_was_signed(cipher: Cipher) -> None:
    sealed = cipher.encrypt("a", **SIGNED)
    right = cipher.sign(SIGNED["timestamp"], SIGNED["nonce"], sealed.encrypt)
    assert sealed == Sealed(sealed.encrypt, right, **SIGNED)
