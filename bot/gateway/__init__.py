"""The public front door: receives, stores, scans, asks the engine, answers."""
