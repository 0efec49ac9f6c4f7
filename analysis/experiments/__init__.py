"""Small experiments that run while one waits: an idea tried on real values instead of only counted."""
