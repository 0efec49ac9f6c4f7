FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1
RUN useradd --create-home convscope
WORKDIR /app

# PyTorch's wheels without CUDA: the analysis needs no GPU, and the image is gigabytes smaller.
COPY requirements.txt .
RUN pip install --no-cache-dir --extra-index-url https://download.pytorch.org/whl/cpu --requirement requirements.txt

COPY . .
USER convscope
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8501/_stcore/health', timeout=5)"]
CMD ["python", "-m", "streamlit", "run", "app.py", "--server.address=0.0.0.0", "--browser.serverAddress=localhost", "--server.headless=true", "--server.fileWatcherType=none"]
