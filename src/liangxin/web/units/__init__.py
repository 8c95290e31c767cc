"""Units: the ledger as stored, every change as a row that can be undone, the live frame the core computes on."""
