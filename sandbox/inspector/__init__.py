"""Inspector: the page that shows conversations live; a pure client of the control API."""
