"""The phone door (手机门): a second way to drop, never a second way into the book.

What it takes becomes the same files in the same 投递 folder, read, judged and answered as ever.
"""
