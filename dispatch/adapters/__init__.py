"""Input and output: files, geocoder, GeoJSON, the report page. No rules live here."""
