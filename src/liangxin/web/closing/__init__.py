"""The end of a drive: the hand-over package, the clock until personal data goes, the purge by two persons, and its proof."""
