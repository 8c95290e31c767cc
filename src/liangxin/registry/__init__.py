"""Units: the one table of fields, codes, checks, duplicates, life cycle and frozen rosters."""
