"""Audiences: whom a message is for, said in Chinese, held against one person or a whole table."""
