"""Kits to begin a campaign from: texts for chat, paper and loudspeakers, and when they are due."""
