"""What is done: through the store, and through a `Messenger` that the Telegram room implements."""
