"""Services: tools in processes of their own, and the runtime that keeps them alive."""
