"""The web door: the API of the chat widget, its event stream, its files, health and metrics."""
