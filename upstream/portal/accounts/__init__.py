"""Where the account package meets the product: its hooks, its forms and who is asked what before a page opens."""
