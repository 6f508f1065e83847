// What Streamlit leaves to the browser: one history entry an act of the visitor, and pages that begin at their top.
// Runs again at every change of page; `place` says which page, or which part of one, is shown.
(() => {
  const tandem = (window.tandem ??= begin());
  if (tandem.place !== undefined && tandem.place !== place) {
    document.querySelector("[data-testid=stMain]")?.scrollTo({ top: 0, behavior: "instant" });
  }
  tandem.place = place;

  function begin() {
    let acted = false; // whether the visitor has done something since the last entry
    const push = history.pushState.bind(history);
    for (const act of ["pointerdown", "keydown"]) addEventListener(act, () => (acted = true), true);
    addEventListener("popstate", () => (acted = false), true);
    // Streamlit adds an entry for every parameter that a page writes. What a page fills in by itself, and all that
    // follows from one act, belongs to the entry that is there.
    history.pushState = (state, title, url) => {
      if (acted) push(state, title, url);
      else history.replaceState(state, title, url);
      acted = false;
    };
    // A link to the page that is shown, with other parameters or none: Streamlit keeps the old ones.
    addEventListener("click", (event) => {
      const link = event.target instanceof Element && event.target.closest("a[href]");
      const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
      if (!link || elsewhere || (link.target && link.target !== "_self") || link.hasAttribute("download")) return;
      if (link.origin !== location.origin || link.pathname !== location.pathname || link.hash) return;
      event.preventDefault();
      event.stopPropagation();
      if (link.search === location.search) return;
      push({}, "", link.href);
      dispatchEvent(new PopStateEvent("popstate"));
      document.querySelector("[data-testid=stMain]")?.scrollTo({ top: 0, behavior: "instant" });
    }, true);
    return {};
  }
})();
