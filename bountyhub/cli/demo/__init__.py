"""`bountyhub demo`: plays the whole loop and every way back on a throwaway instance and checks every cent.

`run` is called by the command line; everything it does goes over HTTP through pages, the JSON API and webhooks.
"""
