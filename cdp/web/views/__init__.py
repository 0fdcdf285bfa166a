"""One file a room of pages; its blueprint is ``bp`` and has the name of the file."""
