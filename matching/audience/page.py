"""The page docs/reference/audience.md: page.md and the words, so that it cannot go stale.

`python -m matching.audience.page > docs/reference/audience.md` writes it anew.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from importlib.resources import files

from matching.audience.unkept import EVERYBODY, UNKEPT
from matching.audience.values import Field
from matching.audience.words import OPPOSITES, PHRASES, VERBS

_TITLES = {
    Field.WHERE: "Away or at home",
    Field.RETURN: "When they come back",
    Field.AWAY: "How long away this year",
    Field.HUKOU: "Registered residence",
    Field.INTENT: "What they mean to do",
    Field.LICENCE: "Licence",
    Field.TIME: "When they have time",
    Field.FORM: "What kind of business",
    Field.TIER: "乡贤",
    Field.PUSHES: "Agreed to messages",
    Field.HELPER: "Looked after",
    Field.COURSE: "Trained",
    Field.SOURCE: "How they came to us",
}


def page() -> str:
    """The whole page."""
    head = files(__package__).joinpath("page.md").read_text("utf-8")
    return "\n".join((head, *_verbs(), *_phrases(), *_others())) + "\n"


def _verbs() -> Iterator[str]:
    yield "## A verb and its words\n"
    for verb in VERBS:
        yield f"**{'、'.join(verb.spelt)}** before:\n"
        for words in _together(verb.takes):
            yield f"- {words}"
        if verb.alone:
            yield f"\nWithout a verb: {'、'.join(verb.alone)}."
        yield ""


def _phrases() -> Iterator[str]:
    yield "## Phrases\n\nWords of one line mean the same.\n"
    for field, title in _TITLES.items():
        yield f"**{title}**\n"
        own = {phrase: values for phrase, (of, values) in PHRASES.items() if of is field}
        for words in _together(own):
            yield f"- {words}"
        yield ""


def _others() -> Iterator[str]:
    yield "## Opposites\n\nEverybody but those who have it.\n"
    yield from (f"- {words}" for words in _together({w: of for w, (_, of) in OPPOSITES.items()}))
    yield ""
    yield f"## Everybody\n\n{'、'.join(EVERYBODY)}.\n"
    yield "## What nobody is asked and nobody is chosen by\n"
    yield from (f"- {sentence}。" for sentence in UNKEPT.values())


def _together(words: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """The words of each meaning, in one line."""
    lines: dict[tuple[str, ...], list[str]] = {}
    for word, values in words.items():
        lines.setdefault(values, []).append(word)
    yield from ("、".join(line) for line in lines.values())


if __name__ == "__main__":
    sys.stdout.write(page())
