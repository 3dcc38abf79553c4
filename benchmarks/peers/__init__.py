"""What stands beside the product: programs of their own, started as processes.

``plain_script`` and ``bare_floor`` need what the product needs; the others live in an environment of their own (requirements.txt).
"""
