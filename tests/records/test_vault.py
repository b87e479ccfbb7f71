"""What is sealed can be opened with the same key only, and not read without it."""

from __future__ import annotations

import pytest

from records.vault import Vault, VaultError


def test_what_is_sealed_opens_again(vault: Vault) -> None:
    assert vault.open(vault.seal({"名字": ["老周", 1, None]})) == {"名字": ["老周", 1, None]}


def test_the_sealed_bytes_tell_nothing(vault: Vault) -> None:
    assert "老周".encode() not in vault.seal("老周")
    assert vault.seal("老周") != vault.seal("老周")


def test_another_key_does_not_open_it(vault: Vault) -> None:
    with pytest.raises(VaultError, match="another key"):
        Vault("other").open(vault.seal("老周"))


def test_a_changed_byte_is_noticed(vault: Vault) -> None:
    sealed = bytearray(vault.seal("老周"))
    sealed[-1] ^= 1
    with pytest.raises(VaultError):
        vault.open(bytes(sealed))


def test_a_fingerprint_finds_and_does_not_tell(vault: Vault) -> None:
    print_ = vault.fingerprint("13800000000")
    assert print_ == vault.fingerprint("13800000000")
    assert print_ != Vault("other").fingerprint("13800000000")
