"""Rules of proposals: what a draft needs, who asks, likeness, search, reading files of proposals."""
