"""Tandem: does training task A together with task B make B better, and why?"""

__version__ = "0.1.0"
