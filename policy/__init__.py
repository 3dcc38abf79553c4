"""What the company decided: clauses, forms, numbers, posts, calendar."""
