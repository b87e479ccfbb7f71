"""What somebody spoke, as a file: its kind by its first bytes, its length, our limits."""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass, field

MOST_SECONDS = 60
MOST_BYTES = 2 * 1024**2

# First bytes → name and type under which recognisers know such a file. What a server says of the
# type is not believed: an error page is no voice.
_KINDS = (
    (b"#!AMR-WB\n", "voice.awb", "audio/amr-wb"),
    (b"#!AMR\n", "voice.amr", "audio/amr"),
    (b"OggS", "voice.ogg", "audio/ogg"),
    (b"RIFF", "voice.wav", "audio/wav"),
    (b"fLaC", "voice.flac", "audio/flac"),
    (b"ID3", "voice.mp3", "audio/mpeg"),
    (b"\xff\xfb", "voice.mp3", "audio/mpeg"),
    (b"\x1aE\xdf\xa3", "voice.webm", "audio/webm"),
)
_AMR = b"#!AMR\n"
_AMR_FRAME = 0.02  # seconds
# Bytes of an AMR frame behind its head, by the mode in the head (RFC 4867, octet-aligned).
_AMR_BYTES = (12, 13, 15, 17, 19, 20, 26, 31, 5, 0, 0, 0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Recording:
    """A file that can be put before a recogniser."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


def recording(content: bytes) -> Recording | None:
    """The file with its kind; None where it is no sound that we know."""
    for beginning, name, content_type in _KINDS:
        if content.startswith(beginning):
            return Recording(name, content_type, content)
    return None


def silence(*, is_amr: bool) -> Recording:
    """A second of nothing, to see whether a recogniser takes files: as WeCom speaks, or WAV."""
    if is_amr:
        content = _AMR + (b"\x04" + bytes(_AMR_BYTES[0])) * round(1 / _AMR_FRAME)
        return Recording("voice.amr", "audio/amr", content)
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, 16_000, 0, "NONE", ""))
        sound.writeframes(bytes(2 * 16_000))
    return Recording("voice.wav", "audio/wav", file.getvalue())


def seconds(content: bytes) -> float:
    """How long an AMR file speaks; 0 for other kinds. Counts no further than is of interest."""
    if not content.startswith(_AMR):
        return 0.0
    at, frames = len(_AMR), 0
    while at < len(content) and frames * _AMR_FRAME <= MOST_SECONDS:
        at += 1 + _AMR_BYTES[content[at] >> 3 & 0x0F]
        frames += 1
    return frames * _AMR_FRAME
