"""Runs of the planner, a plan's pages, moving units by hand, comparing, publishing, and what-if on the policy."""
