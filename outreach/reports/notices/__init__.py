"""The papers of the rhythm: roll-ups, dispatch sheets, notices, reviews and packs."""
