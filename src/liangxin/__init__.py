"""Liangxin (两新): from the first register of a town's units to the organizations, documents and figures."""

__version__ = "0.1.0"
