"""审批: sheets on which people decide, and what comes back in them."""
