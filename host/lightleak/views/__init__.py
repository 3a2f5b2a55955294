"""Results as people and other tools read them: terminal, page, files. Views compute nothing that a verdict rests on.

A view is a module with one of two functions, so that a new one is found by its file's name:

* ``render(model)`` returns the whole result: lines or something that rich prints (``terminal``, ``live``), or the text
  or bytes of a file (``page``, ``export.junit``, ``export.report_json``).
* ``export(source, file)`` writes a session, which may be too large to keep, while it is read (``export``,
  ``perfetto``).

``model`` is an object of the package that made the result, or its ``to_dict()``. Views print nothing and open no file;
the command line does. Only ``live.view`` prints, because it refreshes what is on the screen.

Folders: ``terminal`` (results), ``live`` (events as they come), ``timeline`` (a session on an axis, for ``terminal``),
``page`` (HTML), ``perfetto`` (traces), ``export`` (files for other tools).
"""
