"""What is told outside the folders: matters found in the ledger, one digest a target, drawn and sent by a process of its own.

compose (what is to be told) → service claims it → send (a short-lived child): draw (words), apprise
"""
