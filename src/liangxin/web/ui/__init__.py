"""The visual language: layout, words, numbers, tables, messages. No business rule."""
