"""The programs that load torch, and what they have in common."""

from mtl_core import devices

devices.share_cores()  # before torch is loaded, which reads it then
