// plotly's own script, loaded once a page, and the colours of the page around a node.

function plotly() {
  window.__plotly ??= new Promise((resolve, reject) => {
    const tag = document.createElement("script");
    tag.src = new URL("app/static/plotly.min.js", document.baseURI).href;
    tag.onload = () => resolve(window.Plotly);
    tag.onerror = reject;
    document.head.appendChild(tag);
  });
  return window.__plotly;
}

function pageStyle(node) {
  const style = getComputedStyle(node);
  const value = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
  const background = value("--st-background-color", "#ffffff");
  return {
    background,
    dark: luminance(background) < 0.4,
    text: value("--st-text-color", "#1c2530"),
    grid: value("--st-border-color", "#dde2e8"),
    font: value("--st-font", "sans-serif"),
  };
}

function luminance(color) {
  const context = document.createElement("canvas").getContext("2d");
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
}
