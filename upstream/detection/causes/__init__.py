"""Innocent causes: what else than a payer could make a change, looked at first, each with a verdict and numbers."""
