"""Exports: what the product knows, as files for other programs; without identifying values unless asked on purpose."""
