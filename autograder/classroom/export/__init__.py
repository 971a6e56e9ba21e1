"""Grades and feedback in the formats of spreadsheets and learning platforms."""
