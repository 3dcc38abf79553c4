"""Programs of other makers beside the ledger: ``make datasette`` runs these in their own environment."""
