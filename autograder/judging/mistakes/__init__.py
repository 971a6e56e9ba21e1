"""What a student is told about a mistake, without showing what is hidden."""
