"""The Batch API of OpenAI, with its files, in the server's memory."""
