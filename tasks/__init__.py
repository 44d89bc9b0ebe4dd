"""One file a stage: key, look-up, read, call, write. What is decided is decided in `longhop`."""
