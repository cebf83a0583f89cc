"""The bake-off: Rasa's own pipelines and ours, trained and measured on the same data."""
