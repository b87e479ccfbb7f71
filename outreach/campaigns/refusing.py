"""What cannot be done with a campaign."""

from __future__ import annotations


class CampaignRefused(ValueError):
    """One sentence in Chinese: what is wrong, and what to do instead."""
