"""How people speak: what to drop, what to translate, which words point to a matter or slot."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import chain

from knowledge.text import letters, normalise

Cues = Iterable[tuple[str, Iterable[str]]]


_NOTHING = "(?!)"  # a pattern that nothing fits
_GROUP = 48  # first characters that are tried one after the other


class Words:
    """A list of words, found in a text from left to right, the longest first."""

    def __init__(self, words: Iterable[str]) -> None:
        self._pattern = re.compile(_any_of({word for word in words if word}) or _NOTHING)

    def found(self, text: str) -> Iterator[tuple[int, str]]:
        """(position, word), never overlapping."""
        return ((match.start(), match.group()) for match in self._pattern.finditer(text))

    def all(self, text: str) -> list[str]:
        """The words alone."""
        words: list[str] = self._pattern.findall(text)
        return words

    def replaced(self, text: str, meant: Callable[[str], str]) -> str:
        """The text with each of the words exchanged."""
        return self._pattern.sub(lambda match: meant(match.group()), text)


def _any_of(words: Collection[str]) -> str:
    """A pattern that looks at a few first characters at a time, not at thousands of words."""
    endings: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        endings.setdefault(word[0], []).append(re.escape(word[1:]))
    each = {first: f"{re.escape(first)}(?:{'|'.join(ends)})" for first, ends in endings.items()}
    firsts = list(each)
    groups = [firsts[start : start + _GROUP] for start in range(0, len(firsts), _GROUP)]
    known = "|".join(
        f"{_ahead(group)}(?:{'|'.join(map(each.__getitem__, group))})" for group in groups
    )
    return known and f"{_ahead(firsts)}(?:{known})"


def _ahead(characters: Iterable[str]) -> str:
    return f"(?=[{re.escape(''.join(characters))}])"


class Cue:
    """Words that point to meanings; of overlapping words the longest counts."""

    def __init__(self, cues: Cues) -> None:
        self._by_meaning = {m: tuple(letters(normalise(w)) for w in words) for m, words in cues}
        self._by_word: dict[str, tuple[str, ...]] = {}
        for meaning, words in self._by_meaning.items():
            for word in words:
                self._by_word[word] = (*self._by_word.get(word, ()), meaning)
        self._words = Words(self._by_word)

    def words(self, meaning: str) -> tuple[str, ...]:
        """The words that point to a meaning."""
        return self._by_meaning.get(meaning, ())

    def found(self, text: str) -> list[tuple[str, str]]:
        """(meaning, word) for each word in the text."""
        return [(m, word) for word in self._words.all(text) for m in self._by_word[word]]

    def without(self, text: str, instead: str = "") -> str:
        """The text without the words."""
        return self._words.replaced(text, lambda _: instead)

    def meanings(self, text: str) -> dict[str, int]:
        """Each meaning with the length of its longest word in the text."""
        lengths: dict[str, int] = {}
        for meaning, word in self.found(text):
            lengths[meaning] = max(len(word), lengths.get(meaning, 0))
        return lengths


# Words that a question of any kind is made of; what is left is what it is about.
_FUNCTION = (
    *(
        "什么",
        "怎么",
        "多少",
        "哪里",
        "哪些",
        "哪个",
        "哪家",
        "有没有",
        "是不是",
        "能不能",
        "会不会",
    ),
    *(
        "要不要",
        "可不可以",
        "可以",
        "知道",
        "我们",
        "你们",
        "他们",
        "自己",
        "这个",
        "那个",
        "这里",
    ),
    *(
        "那里",
        "这边",
        "那边",
        "现在",
        "时候",
        "一下",
        "一个",
        "没有",
        "还有",
        "如果",
        "需要",
        "应该",
    ),
    *("比如", "因为", "所以", "但是", "还是", "或者", "关于", "大家"),
    *"的了吗呢啊吧嘛么呀哦是有要能会我你他她它们这那在到去来就都也还又再和跟与或把被给让对从比",
    *"几谁哪请问想一个不没该用做办得着过上下里",
)


_PAUSES = " ,.;:?!、"


class Wording:
    """The word lists of packs/common/wording.toml."""

    def __init__(
        self,
        *,
        fillers: Iterable[str] = (),
        openers: Iterable[str] = (),
        everyday: Iterable[str] = (),
        dialect: Mapping[str, str] | None = None,
        synonyms: Cues = (),
        slots: Cues = (),
        who: Cues = (),
    ) -> None:
        words = [list(each) for each in (fillers, openers, everyday)]
        cues = [[(meaning, list(each)) for meaning, each in cue] for cue in (synonyms, slots, who)]
        self._lists = (words, cues, dialect or {})
        self._said = {normalise(w): normalise(meant) for w, meant in (dialect or {}).items()}
        self._dialect = Words(self._said)
        self._fillers = Words(map(normalise, words[0]))
        self._openers = Words(map(normalise, words[1]))
        self._everyday = Words(map(normalise, words[2]))
        self._function = Words(map(normalise, _FUNCTION))
        self.matters = Cue(cues[0])
        self.slots = Cue(cues[1])
        self.who = Cue(cues[2])

    def is_like(self, other: "Wording") -> bool:
        """Whether every text reads the same with the other lists."""
        return self._lists == other._lists

    def translated(self, text: str) -> str:
        """A normalised text in common words."""
        return self._dialect.replaced(text, self._said.__getitem__)

    def plain(self, text: str) -> str:
        """A normalised text in common words without fillers."""
        return self.bare(self.translated(text))

    def bare(self, text: str) -> str:
        """The text without fillers, unless nothing else was said."""
        rest = self._opened(self._fillers.replaced(text, lambda _: ""))
        return rest if letters(rest) else text

    def _opened(self, text: str) -> str:
        """The text without forms of address and of asking, which stand at a clause's ends."""
        parts: list[str] = []
        end = 0
        for start, word in self._openers.found(text):
            after = start + len(word)
            outside = not text[end:start].strip(_PAUSES) or not text[after:].strip(_PAUSES)
            if outside or text[start - 1] in _PAUSES or text[after] in _PAUSES:
                parts.append(text[end:start])
                end = after
        return "".join([*parts, text[end:]])

    def common(self, text: str) -> frozenset[int]:
        """The positions of everyday words, which nobody misspells into another."""
        words = chain(self._everyday.found(text), self._fillers.found(text))
        return frozenset(i for start, word in words for i in range(start, start + len(word)))

    def content(self, text: str) -> list[str]:
        """The pieces of a plain text that say what it is about, not what is asked."""
        return self.without_function(self.slots.without(letters(text), " ")).split()

    def without_function(self, text: str) -> str:
        """A text with blanks for the words that a question of any kind is made of."""
        return self._function.replaced(text, lambda _: " ")
