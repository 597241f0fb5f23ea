"""The hub over HTTP: the API, OpenAI's protocol, MCP, and the page."""
