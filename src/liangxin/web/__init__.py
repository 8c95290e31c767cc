"""The site: it stores and shows, and decides nothing that the core decides. A view calls a service (write) or a query (read)."""
