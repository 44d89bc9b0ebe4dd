"""What keeps builds going: looking ahead before anything is spent."""
