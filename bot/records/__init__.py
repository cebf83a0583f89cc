"""The database: conversations, messages, cases. Nothing here knows what a message means."""
