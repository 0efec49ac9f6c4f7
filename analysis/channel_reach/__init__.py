"""The rules behind :mod:`analysis.reachability`: what each operator does to the reach of channels."""
