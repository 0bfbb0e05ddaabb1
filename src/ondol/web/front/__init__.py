"""What every request passes before a thread answers it: bodies are taken in whole, and what one address may hold is bounded."""
