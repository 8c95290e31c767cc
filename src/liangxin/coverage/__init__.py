"""Classify a register by a policy: class asked for, form possible, conflicts, reasons; indicators and their lists."""
