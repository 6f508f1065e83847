// Draws every figure of a report in the colours of the page, and on white for the printer.

const drawn = JSON.parse(document.getElementById("figures").textContent);
const dark = matchMedia("(prefers-color-scheme: dark)");
const PAPER = drawn[0].paper;
const PRINTED = 660; // pixels that a printed page is wide

function ownStyle() {
  const style = getComputedStyle(document.documentElement);
  const value = (name) => style.getPropertyValue(name).trim();
  return {
    ...{ background: value("--page"), text: value("--text"), grid: value("--line") },
    ...{ font: PAPER.font, dark: dark.matches },
  };
}

function drawAll(style, width) {
  for (const node of document.querySelectorAll(".drawing")) {
    const figure = drawn[node.dataset.figure];
    const name = `tandem-figure-${Number(node.dataset.figure) + 1}`;
    draw(Plotly, node, figure, style, { name, height: figure.height, width, modebar: true });
  }
}

const onScreen = () => drawAll(ownStyle());
onScreen();
dark.addEventListener("change", onScreen);
addEventListener("beforeprint", () => drawAll(PAPER, PRINTED));
addEventListener("afterprint", onScreen);
