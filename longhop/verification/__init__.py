"""What a question must stand: checks, a judge, and the proof that it needs its hops."""
