"""The database: conversations, messages, cases."""
