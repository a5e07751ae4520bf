"""HTTP: addresses to typed calls and back."""
