"""Other ways to group units, each repaired to the same rules by ``repair``, for the planning benchmark."""
