"""What Rasa loads of ours: graph components, the loopback channel, the tracker store."""
