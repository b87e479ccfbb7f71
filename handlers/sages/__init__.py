"""The address book of 乡贤 in chat, and which leader keeps in touch with whom."""
