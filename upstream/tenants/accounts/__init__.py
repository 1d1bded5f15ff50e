"""People's accounts: links, passwords, second factors, sessions and drafts. Who writes them down stands above."""
