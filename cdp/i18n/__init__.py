"""Languages: thin, over Babel. English is the source, Arabic comes first on the page."""
