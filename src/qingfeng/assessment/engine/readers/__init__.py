"""Who answers with integer sums: DuckDB over Parquet here, plain Python as the contract's second reader."""
