"""Every output of the command line from the live ledger, with filter, person and time in the file, and a log of exports."""
