"""Telegram: people write to a bot, or mention it in a group."""
