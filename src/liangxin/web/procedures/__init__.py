"""办理: the two procedures on the site (5.2, 4.3). The core judges every act; here cases are stored, listed and shown."""
