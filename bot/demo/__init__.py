"""`vigil demo`: the real bot, an invented Telegram, and a week that passes in a minute."""
