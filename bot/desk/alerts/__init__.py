"""Telling people outside the desk that a patient needs one of them."""
