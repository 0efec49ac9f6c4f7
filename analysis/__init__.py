"""The pure core of ConvScope: a network and an input size in, frozen records and tables out."""

from analysis.analyze import analyze
from analysis.errors import ForwardError, InputTooSmall
from analysis.records import Report

__all__ = ["ForwardError", "InputTooSmall", "Report", "analyze"]
