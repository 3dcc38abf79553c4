"""What has happened; the only SQL.

connection (the file) → book (its transaction) → journal (entries, chained) → state (entry by entry, through
``state_write`` in sets), which replay makes anew.  Other rooms ask: one noun a module (people, rows, customers,
photos, ...), each with questions that answer for many rows at once; known keeps the answers true while a sheet is
judged.  schema holds the tables and their migrations, views what other programs read.
"""
