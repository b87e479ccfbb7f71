"""Reports as papers: made, checked, signed, frozen, corrected beside what stands, and proven."""
