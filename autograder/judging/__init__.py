"""Judging one submission: student code confined, tests kept apart from it; knows no class and no database."""
