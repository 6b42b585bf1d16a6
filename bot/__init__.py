"""Where the parts meet: settings, commands, the conversation, the worker and the sandbox."""
