"""One module a page: what the page asks, answered with plain values or data frames."""
