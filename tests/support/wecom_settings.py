"""Settings of WeCom's modes for programs that call nobody."""

from __future__ import annotations


def contact_settings() -> dict[str, str]:
    """客户联系 on, at an address where nobody answers."""
    return {
        "GUIYAN_WECOM_CORP_ID": "ww8a3b0c5d9e1f2a47",
        "GUIYAN_WECOM_BASE_URL": "http://127.0.0.1:9",
        "GUIYAN_WECOM_CONTACT_SECRET": "a-secret-of-the-tests",
        "GUIYAN_WECOM_CONTACT_TOKEN": "ATokenOfTheTests",
        "GUIYAN_WECOM_CONTACT_AES_KEY": "A" * 42 + "8",
    }
