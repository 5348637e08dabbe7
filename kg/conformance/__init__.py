"""RDF against SHACL shapes: shapes are read, compiled to SPARQL, and asked of the data inside Oxigraph."""
