"""The confined process: it runs a student's cells and answers calls by name."""
