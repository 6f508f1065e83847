"""Parts of a view that only the page can draw: one file each, of the view's name, with `show(context, view, part)`.

A view without one is drawn as any other: see `pages.studies.view`.
"""
