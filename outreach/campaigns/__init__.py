"""Campaigns: drafted, agreed to, frozen, sent in portions, and counted to the last person."""
