"""Confining a process, layer by layer."""
