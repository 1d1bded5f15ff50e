"""The process in which questions run: its own, without files, network, secrets or a second chance.

It gets facts as open descriptors, one statement and its limits on standard input, and answers on standard output. It
loads nothing of the product but this package, and nothing of it but DuckDB, fsspec and the standard library.
"""
