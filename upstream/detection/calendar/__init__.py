"""Weeks that everybody knows to be unlike others: who says so since when, and what it does to detection."""
