"""Weights of the evidence, learned from the packs' own wordings, each asked without itself."""

import math
from collections.abc import Sequence

# Evidence → its weight for an entry, and for a matter that the papers leave open in part.
EVIDENCE = {
    "written bm25": (2.41, 2.03),
    "written cosine": (2.11, 1.76),
    "heard bm25": (-0.34, -0.35),
    "heard cosine": (0.74, 0.49),
    "nearest wording": (1.62, 0.95),
    "nearest sound": (1.35, 0.83),
    "in what it answers": (4.49, 4.49),
    "sense of matter": (2.42, 1.61),
    "sense of slot": (1.44, 1.44),
    "matter named": (1.42, 3.46),
    "matter in title": (1.86, 3.90),
    "other matter named": (-2.00, -2.96),
    "slot asked": (1.26, 2.66),
    "other slot asked": (-1.26, -1.79),
    "just this slot": (0.58, 0.58),
    "for the asker": (1.60, 1.60),
    "for others": (-1.25, -1.27),
    "asker not said": (-1.27, -1.19),
    "level same": (1.76, 1.76),
    "level other": (-0.85, -0.85),
    "place same": (0.99, 0.99),
    "place not named": (-0.35, -0.35),
    "other place named": (-0.99, -1.00),
    "kind same": (1.01, 0.38),
    "kind other": (-0.44, -0.34),
    "kind unknown": (-0.57, -0.45),
    "common word": (-1.17, -1.17),
    "talk": (1.13, 1.13),
    "talk on our subject": (0.01, 0.01),
    "period same": (1.09, 1.09),
    "period other": (-0.50, -0.50),
}
OPEN = -1.01


SURE = 0.1  # below this probability nothing is answered
SURE_ELSEWHERE = 0.25  # the same for a question without a word of our subject
NEAR = 1.0  # scores so close that neither fact is told without the other
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
