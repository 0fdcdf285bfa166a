"""What happens when workers are killed and everybody comes at once: commands with figures, not collected by pytest."""
