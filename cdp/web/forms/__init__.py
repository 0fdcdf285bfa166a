"""Fields and their own messages; what they mean together is said by the rules."""
