"""The page: a comparison as one HTML file. ``build.render`` makes it."""
