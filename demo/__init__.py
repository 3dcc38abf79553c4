"""A company of a dozen people lives through a month, with real workbooks and pictures."""
