"""What the instructor looks at after grading: a page for each assignment and one for the course."""
