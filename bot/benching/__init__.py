"""Benchmarks: figures beside the limit they are held against, taken in the same run."""
