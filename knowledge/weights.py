"""Weights of the evidence, learned from the packs' own wordings, each asked without itself."""

import math
from collections.abc import Sequence

# Evidence → its weight for an entry, and for a matter that the papers leave open in part.
EVIDENCE = {
    "written bm25": (3.79, 2.91),
    "written cosine": (1.34, 1.09),
    "heard bm25": (0.40, -0.04),
    "heard cosine": (0.21, 0.03),
    "nearest wording": (2.13, 1.23),
    "nearest sound": (1.89, 1.29),
    "in what it answers": (3.78, 3.78),
    "sense of matter": (2.50, 1.73),
    "sense of slot": (2.15, 2.15),
    "matter named": (1.21, 3.02),
    "matter in title": (1.51, 3.32),
    "other matter named": (-1.65, -2.40),
    "slot asked": (0.97, 2.50),
    "other slot asked": (-0.97, -1.33),
    "just this slot": (0.31, 0.31),
    "for the asker": (1.23, 1.23),
    "for others": (-1.06, -1.06),
    "asker not said": (-1.09, -1.15),
    "level same": (1.54, 1.54),
    "level other": (-0.92, -0.92),
    "place same": (0.88, 0.88),
    "place not named": (-0.41, -0.41),
    "other place named": (-0.88, -0.88),
    "kind same": (0.85, 0.59),
    "kind other": (-0.42, -0.35),
    "kind unknown": (-0.43, -0.33),
    "common word": (-1.25, -1.25),
    "talk": (1.97, 1.97),
    "talk on our subject": (-0.45, -0.45),
    "period same": (0.72, 0.72),
    "period other": (-0.65, -0.65),
}
OPEN = -0.52


SURE = 0.1  # below this probability nothing is answered
SURE_ELSEWHERE = 0.25  # the same for a question without a word of our subject
NEAR = 1.2  # scores so close that two facts of one matter are told together
NEAR_ELSEWHERE = 0.5  # the same for facts of different matters
LEANING = 0.2  # bonus for reading a question together with the one before it


def probability(score: float, lead: float) -> float:
    """How likely a candidate with this score, and this lead over the next subject, is right."""
    return 1 / (1 + math.exp(3.0 - 0.33 * score - 0.35 * lead))


# For any corpus of questions with one wording each, as `knowledge eval` takes them.
CORPUS_VIEWS = (4.0, 3.0, 1.0, 1.0, 2.0, 1.0, 0.5)
CORPUS_SURE = 0.3  # below this likelihood a corpus question is not answered


def corpus_score(views: Sequence[float]) -> float:
    """All evidence of the texts together."""
    return sum(w * v for w, v in zip(CORPUS_VIEWS, views, strict=True))


def likelihood(score: float) -> float:
    """How likely the best of a corpus is right."""
    return 1 / (1 + math.exp(5.0 - score))
