"""Other ways to group units, each repaired to the same rules by ``assembly``, for the planning benchmark."""
