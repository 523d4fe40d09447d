"""Django's PostgreSQL backend with one change; the setting ENGINE names this package."""
