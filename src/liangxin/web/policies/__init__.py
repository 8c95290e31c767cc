"""The policies a town works by, as loaded for a day, and a readable page of every rule."""
