"""What the pages draw, a module to a subject."""
