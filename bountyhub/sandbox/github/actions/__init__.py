"""What can happen on the GitHub stand-in: each function changes documents and writes the webhooks it causes.

Called by the API, the pages, the control endpoints and the seed; never commits.
"""
