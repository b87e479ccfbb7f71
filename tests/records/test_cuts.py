"""Connections end soon where the way is cut; whether they do is shown by `make chaos`."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator

import asyncpg
import pytest

from records import cuts
from records.database import Database
from records.engines import connecting
from tests.support.postgres import Postgres

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the options are Linux's")
_CUT = 6000  # milliseconds


@pytest.fixture(scope="module")
def over_tcp() -> Iterator[str]:
    """A server that is reached as one on another machine is."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Postgres("-c", "listen_addresses=127.0.0.1", "-c", f"port={port}", "-c", "fsync=off")
    (server._data / "pg_hba.conf").write_text("host all all 127.0.0.1/32 trust\n")
    server.start()
    yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    server.stop()
    server.remove()


def _patience(connection: asyncpg.Connection) -> int:
    sock = connection._transport.get_extra_info("socket")
    assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    return int(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT))


async def test_the_store_s_connections_notice(over_tcp: str) -> None:
    database = Database(over_tcp)
    found = await database.read(
        lambda session: _patience(session.connection().connection.driver_connection)
    )
    await database.close()
    assert found == _CUT


async def test_those_of_the_bell_and_the_wakes_notice(over_tcp: str) -> None:
    connection = await asyncpg.connect(**connecting(Database(over_tcp).url))
    assert _patience(connection) == _CUT
    await connection.close()


def test_a_socket_within_the_machine_is_left_alone() -> None:
    with socket.socket(socket.AF_UNIX) as within:
        cuts.notice(within)
        assert not within.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
