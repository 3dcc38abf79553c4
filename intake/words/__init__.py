"""What stands written on a picture: there (can it be read here?) → read (page by page) → engine (the one that reads).

Needs the extra ``ocr``, which may be missing; runs in reader processes only.
"""
