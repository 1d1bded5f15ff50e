"""Embedded PostgreSQL and Redis for demo, development and tests. Production never imports this package."""
