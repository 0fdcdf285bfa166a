"""The open interface for machines: read only, made from the same sheets as the pages."""
