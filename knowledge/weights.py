"""Weights of the evidence, learned from the packs' own wordings, each asked without itself."""

import math

# In the order of the views of search.Hit and of ranking.agreement; the OPEN ones are for matters
# on which the papers leave something open.
VIEWS = (4.82, 3.82, -0.74, 1.21, 2.38, 1.24)
FACETS = (1.73, 2.84, -2.81, 1.5, -1.5, 0.1, 1.67, -1.56, -1.4)
FACETS += (2.02, -1.01, 1.73, -1.83, -1.73, 0.96, -0.6, -0.36, -0.98)
FACETS += (0.09, 1.33, -0.44)
OPEN = -2.38
OPEN_VIEWS = (3.72, 3.39, -1.35, 1.03, 1.14, 0.32)
OPEN_FACETS = (3.2, 4.31, -3.57, 2.76, -2.19, 0.1, 1.67, -1.56, -1.4)
OPEN_FACETS += (2.02, -1.01, 1.73, -1.83, -1.73, 0.96, -0.6, -0.36, -0.98)
OPEN_FACETS += (0.09, 1.33, -0.44)

SURE = 0.1  # below this probability nothing is answered
SURE_ELSEWHERE = 0.25  # the same for a question without a word of our subject
NEAR = 1.0  # scores so close that neither fact is told without the other
LEANING = 0.2  # bonus for reading a question together with the one before it


def probability(score: float, lead: float) -> float:
    """How likely a candidate with this score, and this lead over the next subject, is right."""
    return 1 / (1 + math.exp(3.0 - 0.33 * score - 0.35 * lead))
