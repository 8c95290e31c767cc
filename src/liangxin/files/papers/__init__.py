"""Official documents as files: Word from a template that the office may replace, and PDF/A; both from one composed text."""

from liangxin.files.papers.fonts import PdfFonts
from liangxin.files.papers.pdf import write_pdf
from liangxin.files.papers.word_file import write_docx

__all__ = ["PdfFonts", "write_docx", "write_pdf"]
