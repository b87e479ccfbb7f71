"""The platform's side of the callback cipher, written apart from the one that it checks."""

from __future__ import annotations

import hashlib
import struct
from base64 import b64decode, b64encode
from random import Random

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32
_HEAD = 16  # random bytes before the length


class Seal:
    """Seals what goes to one receiving address, and opens its passive replies."""

    def __init__(self, token: str, aes_key: str, receive_id: str, rng: Random) -> None:
        self._token = token
        self._key = b64decode(aes_key + "=")
        self._receive_id = receive_id.encode()
        self._rng = rng

    def close(self, text: str, head: bytes = b"") -> str:
        """The ciphertext; `head` fixes the random bytes, for known answers."""
        message = text.encode()
        plain = (
            (head or self._rng.randbytes(_HEAD))
            + struct.pack(">I", len(message))
            + message
            + self._receive_id
        )
        missing = _BLOCK - len(plain) % _BLOCK
        encryptor = self._cipher().encryptor()
        padded = plain + bytes([missing]) * missing
        return b64encode(encryptor.update(padded) + encryptor.finalize()).decode()

    def open(self, encrypted: str) -> str:
        """What was sealed; ValueError if it was not sealed for this address."""
        decryptor = self._cipher().decryptor()
        padded = decryptor.update(b64decode(encrypted)) + decryptor.finalize()
        missing = padded[-1]
        if not 1 <= missing <= _BLOCK or padded[-missing:] != bytes([missing]) * missing:
            raise ValueError("the padding is wrong")
        plain = padded[:-missing]
        (length,) = struct.unpack(">I", plain[_HEAD : _HEAD + 4])
        end = _HEAD + 4 + length
        if end > len(plain) or plain[end:] != self._receive_id:
            raise ValueError("the length or the receiver is wrong")
        return plain[_HEAD + 4 : end].decode()

    def signature(self, timestamp: str, nonce: str, encrypted: str) -> str:
        parts = sorted(part.encode() for part in (self._token, timestamp, nonce, encrypted))
        return hashlib.sha1(b"".join(parts)).hexdigest()

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))
