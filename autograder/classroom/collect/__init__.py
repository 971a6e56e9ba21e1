"""Taking in what students handed in elsewhere: archives that nobody trusts, people who are known by other names."""
