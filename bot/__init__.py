"""A patient-message assistant for dental-implant clinics."""
