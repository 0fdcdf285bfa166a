"""Sheets in, bytes out: the lists as files anybody may take away."""
