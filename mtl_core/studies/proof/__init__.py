"""The proof that a report carries: plan, changes and all scores, from which its verdicts are computed again.

`record` makes it, `recompute.js` computes with it in the reader's browser, `page` takes a report apart, and `checks`
does what `python -m mtl_core verify` says.
"""
