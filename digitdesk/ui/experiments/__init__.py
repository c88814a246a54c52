"""The Experiments tab: which setting is better, and is the difference real?"""
