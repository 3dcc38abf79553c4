"""What people get: templates, receipts, approval sheets, reports; told from what the ledger says."""
