"""The rooms of the site as addresses: one module a room, with what goes in and out of it."""
