"""The wire: one folder a channel, and the one loop that sends."""
