"""Towns with their areas, associations, instructors and task groups, as stored."""
