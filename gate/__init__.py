"""The gate before Streamlit: nothing answers without a session but sign-in, health and the framework's own files."""
