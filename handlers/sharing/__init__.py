"""The person's own word on what a partner may see: yes, no, no more, and who sees what."""
