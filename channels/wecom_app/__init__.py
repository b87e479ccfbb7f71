"""The self-built app of WeCom: staff and mentors, and whoever else of the corporation sees it."""
