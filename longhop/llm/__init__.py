"""The only place that speaks to a model: prompts, client, pacing, reading answers."""
