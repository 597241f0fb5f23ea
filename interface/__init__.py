"""How people reach MuOS; the only place where the parts are put together."""
