"""SQLite: runs.db is the index over runs, a run.db in each run's folder is the truth.

One module a table. Both databases change only by numbered migrations.
"""
