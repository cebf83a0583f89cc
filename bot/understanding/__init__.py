"""Text in, findings out: what a patient's words state, with values, units and assertion."""
