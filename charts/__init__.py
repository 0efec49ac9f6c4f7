"""Tables and plain numbers in, Plotly figures out; knows neither Streamlit nor torch."""
