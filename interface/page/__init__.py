"""The web page: plain modules that a browser runs as they are, over the same API that everybody uses."""
