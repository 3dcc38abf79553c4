"""A company lives for sixty days, and a count of its own says what every person-day must come to (销售日报 7)."""
