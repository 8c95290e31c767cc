"""The organization tree as stored: a journal of operations that the core replays; nothing is deleted."""
