"""Settings of a town: the town itself, areas, associations, task groups, instructors, policy, people and their roles."""
