"""Pictures as small as they can be, and as large."""

JPEG = b"\xff\xd8\xff\xe0" + bytes(20)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
GIF = b"GIF89a" + bytes(20)
LARGE = b"\xff\xd8\xff\xe0" + bytes(2 * 1024**2)
LARGEST = JPEG.ljust(2 * 1024**2, b"\0")
# Small files that say that they unfold to many points.
HUGE = PNG[:16] + (20_000).to_bytes(4) * 2 + bytes(20)
HUGE_JPEG = b"\xff\xd8\xff\xe0\x00\x04\x00\x00\xff\xc0\x00\x11\x08" + (60_000).to_bytes(2) * 2
