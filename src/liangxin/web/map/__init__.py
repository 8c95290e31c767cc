"""The map: units and organizations where they are, with or without a tile server."""
