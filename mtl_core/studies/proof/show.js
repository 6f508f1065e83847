// Says beside each verdict of a report whether it agrees with the scores that the page carries.

(async () => {
  const record = JSON.parse(document.getElementById("record").textContent);
  const say = (name, faults, words) => {
    const node = document.querySelector(`[data-recomputed="${name}"]`);
    if (!node) return;
    node.classList.add(faults.length ? "differs" : "agrees");
    node.textContent = faults.length ? `✗ recomputed in this browser: ${faults.join("; ")}` : `✓ recomputed in this browser: ${words}`;
  };
  if (record.plan) say("plan", Recompute.sha256(record.plan) === record.seal ? [] : ["the plan has another hash"], "the plan has this hash");
  let found, reason = "";
  try {
    found = await Recompute.verdicts(record);
  } catch (error) {
    reason = `its scores can't be read (${error.message})`;
  }
  record.comparisons.forEach((one, place) => {
    if (!one.stated) return;
    const word = document.querySelector(`[data-says="verdict ${place}"]`).textContent;
    const faults = reason ? [reason] : Recompute.differences(one.stated, found[place]);
    if (!reason && !word.includes(found[place].decision)) faults.push(`the scores give "${found[place].decision}"`);
    say(place, faults, "agrees");
  });
})();
