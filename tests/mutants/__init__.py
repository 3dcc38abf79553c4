"""Do the tests notice?  The product is changed in one small place at a time, and the nearest tests are asked.

rooms (what is changed, who is asked) → reaching (which test comes by which line) → making (the changes) →
grafting (one change put into the running process) → killing (a fork each, stopped at the first red test) → telling
"""
