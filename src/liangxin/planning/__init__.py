"""Which enterprises form which organization: problem, candidates, solve, bound, explain, compare."""
