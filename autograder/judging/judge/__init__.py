"""Running test cells in the trusted process."""
