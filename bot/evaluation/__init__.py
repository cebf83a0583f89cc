"""Messages in, metrics and plots out."""
