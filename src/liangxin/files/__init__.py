"""Excel, Word, PDF, SVG, GeoJSON, Parquet in and out; templates. Outputs appear whole or not at all."""
