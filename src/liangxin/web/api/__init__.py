"""The API: everything that pages read and the writes to units, by the same permits and the same functions."""
