"""Weights of the evidence, learned from the packs' own wordings, each asked without itself."""

import math

# Evidence → its weight for an entry, and for a matter that the papers leave open in part.
EVIDENCE = {
    "written bm25": (4.19, 4.52),
    "written cosine": (0.57, 0.06),
    "heard bm25": (0.60, 0.11),
    "heard cosine": (-0.75, -1.60),
    "nearest wording": (2.67, 2.11),
    "nearest sound": (1.94, 1.21),
    "in what it answers": (2.51, 2.51),
    "sense of matter": (1.11, 1.21),
    "sense of slot": (1.16, 2.06),
    "content known": (2.00, 2.11),
    "nearly a wording": (1.00, 1.00),
    "matter and slot": (0.44, 0.55),
    "matter named": (1.32, 1.93),
    "matter in title": (1.61, 2.21),
    "other matter named": (-1.69, -2.13),
    "slot asked": (0.95, 1.10),
    "other slot asked": (-0.94, -0.79),
    "just this slot": (0.08, 0.23),
    "for the asker": (1.23, 1.43),
    "for others": (-0.86, -0.91),
    "asker not said": (-1.12, -1.30),
    "level same": (0.96, 0.96),
    "level other": (-0.44, -0.44),
    "place same": (0.72, 0.94),
    "place not named": (-0.36, -0.36),
    "other place named": (-0.72, -0.60),
    "kind same": (1.05, 1.17),
    "kind other": (-0.67, -0.71),
    "kind unknown": (-0.38, 0.22),
    "common word": (-1.17, -1.17),
    "talk": (1.09, 1.09),
    "talk on our subject": (-0.39, -0.39),
    "period same": (0.44, 0.44),
    "period other": (-0.51, -0.51),
    "opposites same": (0.60, 0.60),
    "number same": (0.48, 0.48),
    "number other": (-0.70, -0.70),
}
OPEN = -0.35
POINTING = 3.0  # bonus for the facts of the only matter that holds a figure which was said


SURE = 0.1  # below this probability nothing is answered
SURE_ELSEWHERE = 0.25  # the same for a question without a word of our subject
NEAR = 1.2  # scores so close that two facts of one matter are told together
NEAR_ELSEWHERE = 0.5  # the same for facts of different matters
STAYING = 0.8  # bonus for the matter talked of, where a question names none
LEANING = 0.2  # bonus for reading a question together with the one before it


def probability(score: float, lead: float) -> float:
    """How likely a candidate with this score, and this lead over the next subject, is right."""
    return 1 / (1 + math.exp(3.0 - 0.33 * score - 0.35 * lead))


# For any corpus of questions with one wording each, as `knowledge eval` takes them; set by hand.
CORPUS_VIEWS = {
    "written bm25": 2.0,
    "written cosine": 0.0,
    "heard bm25": 3.0,
    "heard cosine": 1.0,
    "in what it answers": 0.5,
    "likest in sound": 1.0,
    "likest in what is asked": 0.5,
    "same characters": 2.5,
    "same characters, asking alike": 2.5,
    "same sounds, asking alike": 3.0,
}
CORPUS_NEARER = 0.02  # what an entry of just the area is worth above one of every area
CORPUS_NEXT = 20.0  # how fast the likelihood falls for those behind the best
CORPUS_SURE = 0.8  # below this likelihood a corpus question is not answered


def likelihood(top: float, heard: float, lead: float, standing: float, *, size: int) -> float:
    """How likely the best of a corpus is right; among more entries more look right by chance."""
    chance = 2.7 + 0.8 * math.log10(max(size, 10))
    return 1 / (1 + math.exp(chance - 3 * top - 3 * heard - 8 * lead - 5 * standing))
