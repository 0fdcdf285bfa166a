"""Bricks of the standard library: no word of the domain."""
