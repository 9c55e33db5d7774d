"""The staff's pages: sign-in, inbox, lists, a matter with its timeline and its acts.

Every page comes from the declarations; no mechanism has a view or a template here. A view takes a
:class:`~qingfeng.faces.console.visit.ConsoleRequest`, reads through ``kernel.reads``, acts through the engine,
and answers with parts of the design system, as a page or as a fragment of one.
"""
