"""The desk: where the clinic's staff see who needs them, and answer."""
