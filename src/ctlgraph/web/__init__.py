"""The service over HTTP; the only package that names FastAPI."""
