"""Files made safe to read."""
