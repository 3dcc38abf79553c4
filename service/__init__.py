"""The stages put in order: what one round, one night, one month and one question do."""
