"""Strangers: MCP servers that others wrote, added by a command or an address, and run only as a person approved."""
