"""What people get: it knows what the ledger says and what the company decided, nothing else.

templates, receipts, approvals, reports: one kind of workbook each, drawn through ``xlsx``; ``delivery`` brings them
into the pick-up folders, exactly once.
"""
