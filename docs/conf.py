"""How Sphinx makes the site; scripts/build-docs runs it.

Source: the configuration of Sphinx 9, MyST 5 and Furo.
"""

project = "lightleak"
copyright = "the lightleak authors, Apache-2.0"  # noqa: A001
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["pictures/*", "nav.toml"]

# Links to headings are checked down to this level.
myst_heading_anchors = 4
# `--option` stays as it is typed.
smartquotes = False
# Blocks of JSON with an ellipsis, TOML with two versions of a line, and the like are for people.
suppress_warnings = ["misc.highlighting_failure"]

html_theme = "furo"
html_title = "lightleak"
html_static_path = ["site.css"]
html_css_files = ["site.css"]
_QUIET = {"color-sidebar-link-text--top-level": "var(--color-foreground-primary)"}
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#b3541e", "color-brand-content": "#9a4515", **_QUIET},
    "dark_css_variables": {"color-brand-primary": "#ffb077", "color-brand-content": "#ffb077", **_QUIET},
}
html_use_index = False
html_copy_source = False
html_show_sourcelink = False
