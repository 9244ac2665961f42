"""When and in which order the stages run. Prefect lives here, and not in stages.py."""
