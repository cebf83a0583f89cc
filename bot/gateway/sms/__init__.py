"""The text-message door: signed webhooks in, texts out in order through the provider, photos fetched from it."""
