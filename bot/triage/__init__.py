"""Findings in, assessment out: urgency, red flags, probable part, next question. Pure, no I/O but its own data files."""
