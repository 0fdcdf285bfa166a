"""What is computed or required of a plan, on plain values."""
