"""Pictures in and out: patients' photos, which only staff may see, and our own drawings of parts."""
