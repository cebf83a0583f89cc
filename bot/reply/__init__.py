"""Assessment and intents in, the names of the responses to give out; and their text when Rasa cannot render it."""
