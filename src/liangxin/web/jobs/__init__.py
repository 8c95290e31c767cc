"""Work that takes longer than a page: its progress can be left and come back to, and is right after a restart."""
