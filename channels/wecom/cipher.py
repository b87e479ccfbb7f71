"""The cipher of WeCom's callbacks: AES-256-CBC under an SHA-1 signature, everything checked.

What is sealed: 16 random bytes, the text's length in bytes (4, big-endian), the text, the
receiver's id, padding to blocks of 32. The initial vector is always the head of the key, so the
random bytes must be fresh. Source: developer.work.weixin.qq.com, pages 90930 and 101033, and
Tencent's sample library; that one checks neither padding nor length.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives import ciphers
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from channels.wecom.refusals import Reason, Refused

_AES_BLOCK = 16
_PADDED_BLOCK = 32  # not the cipher's 16
_PREFIX = 16
_HEAD = _PREFIX + 4

_TOKEN = re.compile(r"[A-Za-z0-9]{1,32}")
_KEY = re.compile(r"[A-Za-z0-9+/]{43}")


class CipherError(Refused):
    """What was sent does not open; `reason` says at which check."""


class BadKey(ValueError):
    """A value of the settings cannot be right; a sentence for operators, without the value."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted text, and the signature over it with this time and nonce."""

    encrypt: str
    signature: str
    timestamp: str
    nonce: str


class Cipher:
    """Opens and seals for one receiver: the corp id; "" only where `without_receiver` says so.

    `other` is believed as well, while the platform may sign with either.
    """

    def __init__(
        self,
        token: str,
        aes_key: str,
        receive_id: str,
        *,
        without_receiver: bool = False,
        other: Cipher | None = None,
        draw: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._token = _checked_token(token).encode()
        key = _checked_key(aes_key)
        self._aes = ciphers.Cipher(AES(key), CBC(key[:_AES_BLOCK]))
        self._receive_id = _checked_receiver(receive_id, without_receiver).encode()
        self._other = other
        self._draw = draw

    def sign(self, timestamp: str, nonce: str, encrypt: str) -> str:
        """The signature: SHA-1 over the four texts, sorted as bytes."""
        parts = sorted([self._token, *(_bytes(part) for part in (timestamp, nonce, encrypt))])
        return hashlib.sha1(b"".join(parts)).hexdigest()

    def verify(self, signature: str, timestamp: str, nonce: str, encrypt: str) -> None:
        """Nothing if the signature is right, in the same time whatever is wrong; CipherError."""
        right = self.sign(timestamp, nonce, encrypt)
        if not hmac.compare_digest(_bytes(signature), right.encode()):
            raise CipherError(Reason.SIGNATURE)

    def signer(self, signature: str, timestamp: str, nonce: str, encrypt: str) -> Cipher:
        """Who signed: this one, or the other while the token changes; CipherError if neither."""
        try:
            self.verify(signature, timestamp, nonce, encrypt)
        except CipherError:
            if self._other is None:
                raise
            return self._other.signer(signature, timestamp, nonce, encrypt)
        return self

    def decrypt(self, encrypt: str) -> str:
        """The text that was sealed for us; CipherError. Verify first: this tells apart why not."""
        plain = _unpad(self._decrypt_blocks(_from_base64(encrypt)))
        if len(plain) < _HEAD:
            raise CipherError(Reason.TOO_SHORT)
        end = _HEAD + int(struct.unpack(">I", plain[_PREFIX:_HEAD])[0])
        if end > len(plain):
            raise CipherError(Reason.LENGTH)
        if not hmac.compare_digest(plain[end:], self._receive_id):
            raise CipherError(Reason.RECEIVER)
        return _text(plain[_HEAD:end])

    def encrypt(self, text: str, *, timestamp: str, nonce: str) -> Sealed:
        """The text sealed for the same receiver, and signed."""
        content = text.encode()
        length = struct.pack(">I", len(content))
        plain = _pad(self._draw(_PREFIX) + length + content + self._receive_id)
        aes = self._aes.encryptor()
        encrypt = base64.b64encode(aes.update(plain) + aes.finalize()).decode()
        return Sealed(encrypt, self.sign(timestamp, nonce, encrypt), timestamp, nonce)

    def draw_nonce(self) -> str:
        """A nonce for a reply: some digits."""
        return str(int.from_bytes(self._draw(5)))

    def _decrypt_blocks(self, raw: bytes) -> bytes:
        if not raw or len(raw) % _AES_BLOCK:
            raise CipherError(Reason.BLOCKS)
        aes = self._aes.decryptor()
        return aes.update(raw) + aes.finalize()


def _pad(plain: bytes) -> bytes:
    """Filled up to whole blocks of 32; a full block of padding where it is whole already."""
    missing = _PADDED_BLOCK - len(plain) % _PADDED_BLOCK
    return plain + bytes([missing]) * missing


def _unpad(padded: bytes) -> bytes:
    last = padded[-1]
    if not 1 <= last <= min(_PADDED_BLOCK, len(padded)):
        raise CipherError(Reason.PADDING)
    if padded[-last:] != bytes([last]) * last:
        raise CipherError(Reason.PADDING)
    return padded[:-last]


def _from_base64(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raise CipherError(Reason.BASE64) from None
    if base64.b64encode(raw).decode() != text:  # padding that is too much, bits that say nothing
        raise CipherError(Reason.BASE64)
    return raw


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise CipherError(Reason.NOT_UTF8) from None


def _bytes(text: str) -> bytes:
    return text.encode(errors="replace")  # half a surrogate pair is wrong, but no fault of ours


def _checked_token(token: str) -> str:
    if not _TOKEN.fullmatch(token):
        raise BadKey(
            "the callback's Token must be 1 to 32 letters and digits, as the WeCom console shows "
            f"it; this one has {len(token)} characters"
        )
    return token


def _checked_key(aes_key: str) -> bytes:
    if not _KEY.fullmatch(aes_key):
        raise BadKey(
            "the callback's EncodingAESKey must be the 43 letters and digits that the WeCom "
            f"console shows, without a final '='; this one has {len(aes_key)} characters"
            + (", some of another kind" if len(aes_key) == 43 else "")
        )
    # The last character of many real keys has unused bits set: no stricter decoder will do.
    return base64.b64decode(aes_key + "=")


def _checked_receiver(receive_id: str, without_receiver: bool) -> str:
    if bool(receive_id) == without_receiver:
        raise BadKey(
            "the corp id is missing: messages to any company would be believed; copy it from the "
            "WeCom console (我的企业 → 企业信息)"
            if not receive_id
            else "a corp id is set where messages carry none: leave one of the two out"
        )
    return receive_id
