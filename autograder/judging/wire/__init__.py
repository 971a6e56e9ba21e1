"""Typed messages between judge and worker, and the socket they go over."""
