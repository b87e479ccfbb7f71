"""Entries in and out: as files, as a spreadsheet that an official edits, as a booklet to print."""
