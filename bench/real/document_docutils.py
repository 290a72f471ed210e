"""docutils: reStructuredText to HTML and LaTeX: a parser of states, a tree of nodes, transforms, visitors."""
import hashlib

from docutils.core import publish_parts

SECTION = """
Section {n}
===========

A paragraph with *emphasis*, **strong**, ``literal {n}``, a link_, `another one <https://example.org/{n}>`_ and a footnote [#f{n}]_.

* item one
* item two, longer,
  on two lines

  1. inner
  2. inner again

term {n}
    Its definition :sub:`x` :sup:`{n}`.

=====  =====  ======
A      B      A and B
=====  =====  ======
False  {n}    False
True   text   *True*
=====  =====  ======

.. note:: Take care of {n}.

.. code:: python

   def f(x):
       return x + {n}

.. image:: picture{n}.png
   :alt: alternative

:field: value
:other: {n}

.. [#f{n}] The footnote.
"""
text = "Title\n#####\n\n.. contents::\n" + "".join(SECTION.format(n=n) for n in range(140)) + "\n.. _link: https://example.org\n"
for writer in ("html5", "latex"):
    parts = publish_parts(text, writer=writer, settings_overrides={"output_encoding": "unicode", "embed_stylesheet": False, "stylesheet_path": None, "_disable_config": True,
                                                                   "datestamp": None, "generator": None, "syntax_highlight": "none"})
    print(writer, len(parts["whole"]), hashlib.sha256(parts["body"].encode()).hexdigest())
