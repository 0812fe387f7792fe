"""The provinces' land databases (Cơ sở dữ liệu đất đai), over SQL, one URL a province."""
