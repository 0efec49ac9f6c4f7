"""The charts of the building blocks."""
