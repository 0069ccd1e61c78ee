"""Tables and their queries; the only importer of SQLAlchemy."""
