"""Plain text as LaTeX that pdflatex compiles: reserved characters, verdict signs, symbols."""

from __future__ import annotations

PACKAGES = r"% needs \usepackage{booktabs} and \usepackage{amssymb}"
SIGNS = {
    **{character: f"\\{character}" for character in "&%$#_{}"},
    **{character: f"{{{character}}}" for character in "[]*"},
    **{"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "|": r"\textbar{}"},
    **{"<": r"\textless{}", ">": r"\textgreater{}", '"': r"\textquotedbl{}", "`": r"\textasciigrave{}"},
    **{"▲": r"$\blacktriangle$", "▼": r"$\blacktriangledown$", "≈": r"$\approx$", "✓": r"$\checkmark$"},
    **{"✗": r"$\times$", "×": r"$\times$", "±": r"$\pm$", "·": r"$\cdot$", "\N{MINUS SIGN}": "$-$", "∞": r"$\infty$"},
    **{"≤": r"$\leq$", "≥": r"$\geq$", "→": r"$\rightarrow$", "←": r"$\leftarrow$", "Δ": r"$\Delta$"},
    **{"α": r"$\alpha$", "λ": r"$\lambda$", "μ": r"$\mu$", "σ": r"$\sigma$", "●": r"$\bullet$", "√": r"$\surd$"},
    **{"–": "--", "—": "---", "…": r"\ldots{}", "†": r"\dag{}", "‡": r"\ddag{}", "\N{NO-BREAK SPACE}": "~"},
    **{"“": "``", "”": "''", "‘": "`", "’": "'", "²": r"$^2$", "³": r"$^3$", "°": r"$^\circ$"},
    **{"\n": " ", "\r": "", "\t": " "},
}
"""Brackets and stars are held in braces: after the end of a row they would be taken for its options."""
LATIN = "\u017f"
"""The last letter that pdflatex knows by itself; what lies beyond is named by its number."""


def latex(text: str) -> str:
    """The text, so that LaTeX prints it as it reads."""
    return "".join(_character(character) for character in text)


def _character(character: str) -> str:
    if character in SIGNS:
        return SIGNS[character]
    if character <= LATIN:
        return character if character.isprintable() else ""
    return f"{{[}}U+{ord(character):04X}{{]}}"
