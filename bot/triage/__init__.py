"""Findings in, assessment out: urgency, red flags, probable part, next question. Pure but for its own data files."""
