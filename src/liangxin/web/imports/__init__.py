"""Lists from Excel into the ledger: dry run with numbers, all errors in place, the job, undo later; duplicates."""
