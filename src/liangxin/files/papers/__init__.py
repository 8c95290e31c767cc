"""Official documents as files: Word from a template that the office may replace, and PDF/A; both from one composed text."""

from liangxin.files.papers.pdf import write_pdf

__all__ = ["write_pdf"]
