"""The demo class: forty hand-ins for one assignment, right, wrong, unlucky and unreadable."""
