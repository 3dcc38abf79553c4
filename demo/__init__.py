"""A company of a dozen people lives through a few days, with real workbooks and pictures."""
