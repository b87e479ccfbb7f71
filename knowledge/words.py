"""Which characters of a text stand in common words, whatever they are about."""

from functools import cache
from importlib.resources import files

LONGEST = 4  # characters of a word in the table
_CHARACTER = -6.0  # worth of a character that stands alone, in powers of two over the corpus
_CORPUS = 26.0  # the corpus has some 2^26 words
_DONE = ("了", "着", "过")
_LINKS = frozenset(
    "了的着过吧呢吗啊呀哦我你他她它们是在就也都还这那有个几和跟与到去来把被给让从想要会能说又很太得地"
)


@cache
def _table() -> dict[str, int]:
    text = files("knowledge").joinpath("tables/words.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {word: int(power) for power, words in rows for word in words.split()}


def frequency(word: str) -> int:
    """How often a word occurs in the corpus, as a power of two; 0 where it is no common word."""
    return 2 ** _table()[word] if word in _table() else 0


def segmented(text: str) -> list[str]:
    """The text cut into common words and single characters, the likeliest way."""
    table = _table()
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(text) + 1):
        ways = [(best[end - 1][0] + _CHARACTER - 8, end - 1)]
        for start in range(max(0, end - LONGEST), end - 1):
            power = table.get(text[start:end])
            if power is not None:
                ways.append((best[start][0] + power - _CORPUS, start))
        best.append(max(ways))
    cuts, end = [], len(text)
    while end:
        cuts.append((best[end][1], end))
        end = best[end][1]
    return [text[a:b] for a, b in reversed(cuts)]


def everyday(text: str) -> frozenset[int]:
    """Positions in common words, and of verbs before 了: nobody misspelled these."""
    kept: set[int] = set()
    spot = 0
    for piece in segmented(text):
        end = spot + len(piece)
        if len(piece) > 1 or piece in _LINKS or text[end : end + 1] in _DONE:
            kept.update(range(spot, end))
        spot = end
    return frozenset(kept)
