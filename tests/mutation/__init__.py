"""Mutation testing: is every small fault in a solution seen by some test of the assignment?"""
