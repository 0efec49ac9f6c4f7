"""The building blocks, one module each: its controls, its numbers, its charts."""
