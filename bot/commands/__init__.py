"""What each command does; `bot.cli` says what it takes."""
