"""Measurements, with peers in the same run: ``python -m benchmarks planning|reading|classify|all`` (``make bench``)."""
