"""The processes of a site: one supervisor, its web server and its job worker; who holds the data folder; signs of life."""
