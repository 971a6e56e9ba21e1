"""What all assignments share: from a description to a notebook."""
