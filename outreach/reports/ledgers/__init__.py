"""Ledgers and measures: what is kept of people, businesses, requests and money, as tables."""
