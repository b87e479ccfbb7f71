"""Weights of the evidence, learned from the packs' own wordings, each asked without itself."""

import math

# In the order of the views of search.Hit and of ranking.agreement; the OPEN ones are for matters
# on which the papers leave something open.
VIEWS = (4.28, 3.84, -0.47, 1.53, 1.76, 1.13)
FACETS = (1.62, 2.29, -2.56, 1.48, -1.48, 0.05, 1.65, -1.45, -1.29)
FACETS += (2.02, -1.07, 1.74, -1.76, -1.74, 1.09, -0.61, -0.47, -0.99)
FACETS += (0.22, 1.2, -0.51)
OPEN = -2.58
OPEN_VIEWS = (3.26, 3.21, -0.97, 1.09, 0.6, 0.1)
OPEN_FACETS = (3.35, 4.02, -3.55, 2.77, -2.34, 0.05, 1.65, -1.45, -1.29)
OPEN_FACETS += (2.02, -1.07, 1.74, -1.76, -1.74, 1.09, -0.61, -0.47, -0.99)
OPEN_FACETS += (0.22, 1.2, -0.51)

SURE = 0.1  # below this probability nothing is answered
SURE_ELSEWHERE = 0.25  # the same for a question without a word of our subject
NEAR = 1.0  # scores so close that neither fact is told without the other
LEANING = 0.2  # bonus for reading a question together with the one before it


def probability(score: float, lead: float) -> float:
    """How likely a candidate with this score, and this lead over the next subject, is right."""
    return 1 / (1 + math.exp(3.0 - 0.33 * score - 0.35 * lead))
