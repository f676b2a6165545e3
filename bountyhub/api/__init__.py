"""The JSON read API, `/api/v1/…`: the same facts as the pages, for programs and for pages that keep themselves true."""
