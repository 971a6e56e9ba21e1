"""The grader: `judging` marks one submission, `classroom` runs a class, `cli` is the command."""
