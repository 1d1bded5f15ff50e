"""Readers of every file format that we load: bytes in, records out, no database and no clock."""
