"""商机漏斗, one month for one manager: what it says, and its sheets."""
