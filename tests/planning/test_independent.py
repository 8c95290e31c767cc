"""Plans of every likeness of towns, judged by a checker that shares no code with the planner."""
