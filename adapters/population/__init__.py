"""The national population database (Cơ sở dữ liệu quốc gia về dân cư), over SOAP 1.1."""
