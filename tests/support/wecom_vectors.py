"""Known answers for WeCom's cipher: ours must give each byte of them, and they of ours."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from channels.wecom.cipher import Cipher, Sealed

_FILE = Path(__file__).parent.parent / "channels" / "examples" / "wecom" / "vectors.json"


@dataclass(frozen=True, slots=True)
class Vector:
    """One text, sealed by somebody else; `drawn` are the random bytes found in it."""

    name: str
    token: str
    aes_key: str
    receive_id: str
    drawn: bytes
    plain: str
    sealed: Sealed
    pad: int

    def cipher(self) -> Cipher:
        return Cipher(
            self.token,
            self.aes_key,
            self.receive_id,
            without_receiver=not self.receive_id,
            draw=lambda count: self.drawn[:count],
        )


def _vector(row: dict[str, str]) -> Vector:
    sealed = Sealed(row["encrypt"], row["msg_signature"], row["timestamp"], row["nonce"])
    return Vector(
        row["id"],
        row["token"],
        row["encoding_aes_key"],
        row["receive_id"],
        bytes.fromhex(row["random_hex"]),
        row["plaintext"],
        sealed,
        int(row["pad"]),
    )


VECTORS = {row["id"]: _vector(row) for row in json.loads(_FILE.read_text("utf-8"))}
