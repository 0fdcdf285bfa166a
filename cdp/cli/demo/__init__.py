"""``python -m cdp demo``: an invented commune, loaded through the services under a held clock, and served."""
