"""A stand-in for a collector of traces: a real server that reads OTLP as collectors do."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import Callable
from types import TracebackType

from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span


class Collector:
    """Keeps the spans that it is sent."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.bodies: list[bytes] = []
        self.url = ""

    async def __aenter__(self) -> Collector:
        app = web.Application()
        app.router.add_post("/v1/traces", self._take)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._runner.cleanup()

    async def until(self, is_enough: Callable[[list[Span]], bool]) -> list[Span]:
        """The spans once there are enough, by when they began."""
        end = time.monotonic() + 20
        while not is_enough(self.spans):
            assert time.monotonic() < end, [span.name for span in self.spans]
            await asyncio.sleep(0.05)
        return sorted(self.spans, key=lambda span: span.start_time_unix_nano)

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        if request.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        told = ExportTraceServiceRequest.FromString(body)
        self.bodies.append(body)
        self.spans += [s for r in told.resource_spans for one in r.scope_spans for s in one.spans]
        answer = ExportTraceServiceResponse().SerializeToString()
        return web.Response(body=answer, content_type="application/x-protobuf")
