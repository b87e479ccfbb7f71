"""Traces: one for each message that came in, from the webhook to the wire; off unless wanted."""
