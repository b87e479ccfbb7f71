"""Weights of the evidence, learned from the packs' own wordings, each asked without itself."""

import math

# In the order of the views of search.Hit and of ranking.agreement; the OPEN ones are for matters
# on which the papers leave something open.
VIEWS = (2.38, 2.23, -0.38, 0.83, 1.56, 1.35, 4.46)
FACETS = (2.43, 1.44, 1.41, 1.88, -2.02, 1.27, -1.27, 0.54, 1.61)
FACETS += (-1.25, -1.27, 1.9, -0.81, 1.37, -2.05, -1.37, 0.95, -0.41)
FACETS += (-0.54, -1.23, 1.09, 0.09, 1.07, -0.51)
OPEN = -1.07
OPEN_VIEWS = (2.01, 1.99, -0.39, 0.68, 0.85, 0.8, 4.46)
OPEN_FACETS = (1.57, 1.44, 3.4, 3.88, -2.98, 2.63, -1.77, 0.54, 1.61)
OPEN_FACETS += (-1.25, -1.27, 1.9, -0.81, 1.37, -2.05, -1.37, 0.95, -0.41)
OPEN_FACETS += (-0.54, -1.23, 1.09, 0.09, 1.07, -0.51)

SURE = 0.1  # below this probability nothing is answered
SURE_ELSEWHERE = 0.25  # the same for a question without a word of our subject
NEAR = 1.0  # scores so close that neither fact is told without the other
LEANING = 0.2  # bonus for reading a question together with the one before it


def probability(score: float, lead: float) -> float:
    """How likely a candidate with this score, and this lead over the next subject, is right."""
    return 1 / (1 + math.exp(3.0 - 0.33 * score - 0.35 * lead))
