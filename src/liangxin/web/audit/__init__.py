"""Who did, read or exported what and why: a chain of hashes that is only ever added to."""
