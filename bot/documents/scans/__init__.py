"""Scanned papers: pictures, and PDFs that hold pictures, with the QR codes on them."""
