"""The shared-database contract: tables, migrations, demo county, load, refresh, check."""
