"""The embedded web chat: a page, four addresses, and the outbox as its wire."""
