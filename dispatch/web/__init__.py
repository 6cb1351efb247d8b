"""The dispatcher's board and the technician's day: view models, pages and their files."""
