"""Pictures as small as they can be, and as large."""

JPEG = b"\xff\xd8\xff\xe0" + bytes(20)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
GIF = b"GIF89a" + bytes(20)
LARGE = b"\xff\xd8\xff\xe0" + bytes(2 * 1024**2)
LARGEST = JPEG.ljust(2 * 1024**2, b"\0")
