"""报表: compliance, deduction, attainment and the managers' overview; a module each."""
