"""The two demo practices: fictional claims and remittances made from a seed, with no database and no clock."""
