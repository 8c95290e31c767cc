"""People who sign in, the roles they hold in a town, and what each may do."""
