"""Grading written answers by hand, question by question: all students' answers to one question on one page."""
