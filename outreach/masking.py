"""Names and numbers as those see them who need not know them whole."""

from __future__ import annotations


def masked_phone(phone: str) -> str:
    """138****1234; a short one shows nothing."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else "****" if phone else ""


def masked_name(name: str) -> str:
    """张**: the first sign of a name, and as many stars as there are others."""
    return name[:1] + "*" * min(len(name) - 1, 3) if len(name) > 1 else name and "*"
