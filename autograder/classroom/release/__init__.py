"""What students get, and that it gives nothing away."""
