"""The terminal: one module a group of commands; decides nothing."""
