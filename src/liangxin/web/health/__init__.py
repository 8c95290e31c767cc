"""Whether the site can work, for whoever watches over it; and what a person is told when it cannot save."""
