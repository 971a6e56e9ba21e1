"""The worker seen from the trusted side: starting it, calling it, surviving its crashes."""
