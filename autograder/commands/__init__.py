"""The commands of `autograder`, a module each: its words on the command line, and what it does."""
