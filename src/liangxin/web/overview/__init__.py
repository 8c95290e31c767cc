"""The first page of the day: where do we stand against the targets, who is behind and why, what waits."""
