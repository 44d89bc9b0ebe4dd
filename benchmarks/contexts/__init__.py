"""Inputs of the benchmarks of contexts."""
