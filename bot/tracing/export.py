"""OpenTelemetry: spans as OTLP over HTTP, from a thread of its own. Nothing else imports it."""

from __future__ import annotations

import os
import socket

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanContext, SpanKind, TraceFlags

from bot import __version__
from bot.tracing.spans import ROOT, Ids, Span

_PATH = "/v1/traces"
_PATIENCE = 3.0  # seconds for a collector that does not answer: a stop must not wait for it
_SEND_EVERY = 1000.0  # milliseconds


class Exporter:
    """Takes spans to a collector; what it cannot take in time is dropped."""

    def __init__(self, url: str, ids: Ids) -> None:
        self._ids = ids
        exporter = OTLPSpanExporter(endpoint=url.removesuffix(_PATH) + _PATH, timeout=_PATIENCE)
        self._processor = BatchSpanProcessor(exporter, schedule_delay_millis=_SEND_EVERY)
        self._resource = Resource.create(
            {
                "service.name": "guiyan",
                "service.version": __version__,
                "service.instance.id": f"{socket.gethostname()}-{os.getpid()}",
            }
        )

    def take(self, span: Span) -> None:
        """Keep a span until the next batch leaves."""
        is_root = span.name == ROOT
        self._processor.on_end(
            ReadableSpan(
                span.name,
                context=self._context(span.message, self._ids.span(span)),
                parent=None if is_root else self._parent(span.message),
                resource=self._resource,
                attributes=span.attributes,
                kind=SpanKind.SERVER if is_root else SpanKind.INTERNAL,
                start_time=span.began,
                end_time=span.ended,
            )
        )

    def close(self) -> None:
        """Send what is left."""
        self._processor.shutdown()  # type: ignore[no-untyped-call]

    def _parent(self, message: int) -> SpanContext:
        return self._context(message, self._ids.root(message), is_remote=True)

    def _context(self, message: int, span: int, *, is_remote: bool = False) -> SpanContext:
        flags = TraceFlags(TraceFlags.SAMPLED)
        return SpanContext(self._ids.trace(message), span, is_remote, flags)
