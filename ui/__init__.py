"""Controls, cached calls and exports: the only code besides the pages that knows Streamlit."""
