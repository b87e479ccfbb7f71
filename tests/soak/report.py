"""What a soak found, as a page with a plot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.soak.plotting import Line, panels
from tests.soak.run import Found, Load
from tests.soak.verdict import Verdict, growth, percentile, verdicts
from tests.soak.waits import minutes

_HEAD = (Path(__file__).parent / "report.md").read_text(encoding="utf-8")
_P99 = 0.99


def judged(found: Found) -> list[Verdict]:
    """Each limit and what was measured."""
    waits = [1000 * wait for one in found.waits.values() for _, wait in one.taken]
    return verdicts({one.name: one.memory for one in found.watched}, waits, found.faults)


def as_page(found: Found, load: Load, judged: Sequence[Verdict], where: str) -> str:
    """All of it, in Markdown; `where` names the machine and the commit."""
    lines = [
        _HEAD,
        f"**{found.seconds / 60:.0f} minutes, {sum(not one.holds for one in judged)} of"
        f" {len(judged)} limits broken.** {where}",
        "",
        f"The campaign has {load.county:,} people. " + "; ".join(_counts(found)) + ".",
        "",
        "![memory and waits](soak.svg)",
        "",
        *_waits(found),
        *_processes(found),
        *_limits(judged),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _counts(found: Found) -> Iterator[str]:
    for name, number in found.counts.items():
        yield f"{name}: {number:,}"


def _waits(found: Found) -> Iterator[str]:
    yield "| from writing to the answer | answered | p50 ms | p99 ms | worst ms |"
    yield "|---|---|---|---|---|"
    for name, one in found.waits.items():
        yield _percentiles(name, [wait for _, wait in one.taken])
    yield _percentiles("pages of the console", [wait for _, wait in found.pages])
    yield ""


def _percentiles(name: str, seconds: Sequence[float]) -> str:
    if not seconds:
        return f"| {name} | 0 | – | – | – |"
    p50, p99, worst = (1000 * percentile(seconds, share) for share in (0.5, _P99, 1.0))
    return f"| {name} | {len(seconds):,} | {p50:.0f} | {p99:.0f} | {worst:.0f} |"


def _processes(found: Found) -> Iterator[str]:
    yield "| process | MB after warming up | MB in the end | grew | of a core |"
    yield "|---|---|---|---|---|"
    for one in found.watched:
        tenth = max(1, len(one.memory) // 10)
        share = (one.computed[-1] - one.computed[0]) / max(one.at[-1] - one.at[0], 1e-9)
        yield (
            f"| {one.name} | {one.memory[tenth]:.0f} | {one.memory[-1]:.0f} |"
            f" {growth(one.memory):+.1%} | {share:.1%} |"
        )
    yield ""


def _limits(judged: Sequence[Verdict]) -> Iterator[str]:
    yield "| limit | measured | at most | |"
    yield "|---|---|---|---|"
    for one in judged:
        word = "holds" if one.holds else "**broken**"
        yield f"| {one.name} | {one.measured:.3g} | {one.limit:g} | {word} |"


def plot(found: Found) -> str:
    """Memory of each process, and what people waited in each minute."""
    memory = [
        Line(
            one.name,
            [((at - found.began) / 60, mb) for at, mb in zip(one.at, one.memory, strict=True)],
        )
        for one in found.watched
    ]
    by_minute = minutes(found.waits, found.began)
    shares = {"p50": 0.5, "p99": _P99, "worst": 1.0}
    waits = [
        Line(name, [(m, 1000 * percentile(w, share)) for m, w in enumerate(by_minute) if w])
        for name, share in shares.items()
    ]
    return panels({"MB": memory, "ms to the answer": waits}, "minutes")
