"""A simulation of what people do in their drop folders, against a model of its own (README.md)."""
