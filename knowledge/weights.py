"""Weights of the evidence, learned from the packs' own wordings, each asked without itself."""

import math

# In the order of the views of search.Hit and of ranking.agreement; the OPEN ones are for matters
# on which the papers leave something open.
VIEWS = (4.74, 3.33, -0.08, 1.03, 2.03, 1.28)
FACETS = (1.35, 2.54, -2.77, 1.34, -1.34, 0.41, 1.89, -1.37, -1.14)
FACETS += (2.11, -1.02, 1.89, -1.34, -1.89, 1.5, -0.56)
OPEN = -1.72
OPEN_VIEWS = (3.46, 2.71, -0.73, 0.74, 1.07, 0.73)
OPEN_FACETS = (2.59, 3.78, -3.58, 2.92, -2.13, 0.41, 1.89, -1.37, -1.14)
OPEN_FACETS += (2.11, -1.02, 1.89, -1.34, -1.89, 1.5, -0.56)

SURE = 0.3  # below this probability nothing is answered
LEANING = 0.2  # bonus for reading a question together with the one before it


def probability(score: float) -> float:
    """How likely a candidate with this score is right."""
    return 1 / (1 + math.exp(4.5 - score))
