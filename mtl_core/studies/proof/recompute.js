// Computes the verdicts of a report again, from the scores in its record: the same method as mtl_core/statistics, in
// plain JavaScript, so that a reader need not trust the numbers that stand beside them. Nothing is fetched.
//
// Units as there: scores in points, variances in squared points, seeds in rows, examples (or clusters) in columns.

const Recompute = (() => {
  const FAINTEST = 1e-100; // p values below are not told apart: quantiles of Student's t are infinite soon below
  const LEAST = 1e-300; // the smallest probability that is told from 0
  const ROUNDING = 1e-16; // squared points below this are rounding, not spread
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const mean = (values) => sum(values) / values.length;
  const variance = (values) => { const m = mean(values); return sum(values.map((v) => (v - m) ** 2)) / (values.length - 1); };
  const real = (square) => (square > ROUNDING ? square : 0);

  // ---- special functions ----

  const LANCZOS = [0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
    -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7];

  function logGamma(x) {
    if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
    const t = x + 6.5;
    const series = LANCZOS.reduce((total, c, i) => total + (i ? c / (x - 1 + i) : c), 0);
    return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(series);
  }

  // Regularised incomplete beta function, by its continued fraction (Lentz). `other` is 1 - x, given for its digits.
  function incompleteBeta(a, b, x, other) {
    if (x <= 0) return 0;
    if (other <= 0) return 1;
    if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(b, a, other, x);
    const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(other)) / a;
    const apart = (value) => (Math.abs(value) < 1e-300 ? 1e-300 : value);
    let c = 1, d = 1 / apart(1 - ((a + b) * x) / (a + 1)), found = d;
    for (let m = 1; m < 20000; m++) {
      const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
      const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
      d = 1 / apart(1 + even * d); c = apart(1 + even / c); found *= d * c;
      d = 1 / apart(1 + odd * d); c = apart(1 + odd / c); found *= d * c;
      if (Math.abs(d * c - 1) < 1e-15) break;
    }
    return front * found;
  }

  // Lower and upper regularised incomplete gamma functions, by series and by continued fraction.
  function gammaParts(a, x) {
    if (x <= 0) return [0, 1];
    const front = Math.exp(-x + a * Math.log(x) - logGamma(a));
    if (x < a + 1) {
      let term = 1 / a, total = term;
      for (let n = a + 1; term > total * 1e-17; n++) { term *= x / n; total += term; }
      return [front * total, 1 - front * total];
    }
    let b = x + 1 - a, c = 1e300, d = 1 / b, found = d;
    for (let i = 1; i < 10000; i++) {
      const an = -i * (i - a);
      b += 2; d = 1 / (an * d + b); c = b + an / c; found *= d * c;
      if (Math.abs(d * c - 1) < 1e-15) break;
    }
    return [1 - front * found, front * found];
  }

  // Where a rising function crosses 0, between low and high.
  function root(rising, low, high) {
    for (let i = 0; i < 200 && high - low > 1e-14 * Math.max(1, Math.abs(low), Math.abs(high)); i++) {
      const middle = (low + high) / 2;
      if (rising(middle) < 0) low = middle; else high = middle;
    }
    return (low + high) / 2;
  }

  // Probability that a standard normal value, or one of Student's t, is above z; and the value above which it is p.
  const normalAbove = (z) => { const [low, high] = gammaParts(0.5, (z * z) / 2); return z > 0 ? high / 2 : (1 + low) / 2; };
  const normalQuantile = (p) => (p > 0.5 ? -normalQuantile(1 - p) : root((z) => p - normalAbove(z), 0, 40));
  const studentAbove = (df, t) => incompleteBeta(df / 2, 0.5, df / (df + t * t), (t * t) / (df + t * t)) / 2;

  function studentQuantile(df, p) {
    if (p >= 0.5) return p > 0.5 ? -studentQuantile(df, 1 - p) : 0;
    let high = 1;
    while (studentAbove(df, high) > p) high *= 2;
    return root((t) => p - studentAbove(df, t), high > 1 ? high / 2 : 0, high);
  }

  function gammaQuantile(a, p) {
    let high = a + 1;
    while (gammaParts(a, high)[0] < p) high *= 2;
    return root((x) => gammaParts(a, x)[0] - p, 0, high);
  }

  // ---- crossed random effects (mtl_core/statistics/crossed.py, clusters.py) ----

  function meanSquares(table) {
    const seeds = table.length, examples = table[0].length;
    const bySeed = table.map(mean), all = mean(bySeed);
    const byExample = table[0].map((_, e) => mean(table.map((row) => row[e])));
    let rest = 0;
    table.forEach((row, s) => row.forEach((value, e) => { rest += (value - byExample[e] - bySeed[s] + all) ** 2; }));
    return { seed: real(examples * variance(bySeed)), example: real(seeds * variance(byExample)),
      rest: real(rest / ((seeds - 1) * (examples - 1))) };
  }

  function seedPart(squares, seeds, examples) {
    const own = squares.seed / (seeds * examples), noise = squares.rest / (seeds * examples), df = seeds - 1;
    const closeness = noise ? gammaParts(df / 2, (df * own) / (2 * noise))[0] : 1;
    return { variance: Math.max(own, (noise * 2 * gammaQuantile(df / 2, 0.05)) / df), noise, df, closeness };
  }

  // The coarsest clusters that group anything, with the size of each; null where every example stands alone.
  function coarsest(clusters, examples) {
    const counted = clusters.map((codes) => {
      const sizes = new Map();
      codes.forEach((code) => sizes.set(code, (sizes.get(code) || 0) + 1));
      return { codes, sizes };
    }).filter((one) => one.sizes.size < examples);
    return counted.sort((a, b) => a.sizes.size - b.sizes.size)[0] || null;
  }

  // Clusters in the place of examples: jack-knife pseudo-values with the same means over seeds.
  function pseudoValues(table, group) {
    const names = [...group.sizes.keys()], count = names.length;
    return table.map((row) => {
      const totals = new Map(), m = mean(row);
      row.forEach((value, e) => totals.set(group.codes[e], (totals.get(group.codes[e]) || 0) + value));
      const apart = names.map((name) => {
        const size = group.sizes.get(name), share = size / row.length;
        return ((count - 1) * share * (totals.get(name) / size - m)) / (1 - share);
      });
      const centre = mean(apart);
      return apart.map((value) => m + value - centre);
    });
  }

  const units = (table, group) => (group ? pseudoValues(table, group) : table);
  const subtract = (second, first) => second.map((row, s) => row.map((value, e) => value - first[s][e]));

  function spreadOf(first, second, paired, group) {
    if (paired) {
      const table = units(subtract(second, first), group), count = table[0].length;
      const squares = meanSquares(table), part = seedPart(squares, table.length, count);
      const own = examplePart(squares.example / (table.length * count), [part], count, group, first[0].length);
      return spread([part], ...own, table[0].map((_, e) => mean(table.map((row) => row[e]))));
    }
    const tables = [first, second].map((table) => units(table, group)), count = tables[0][0].length;
    const parts = tables.map((table) => seedPart(meanSquares(table), table.length, count));
    const [a, b] = tables.map((table) => table[0].map((_, e) => mean(table.map((row) => row[e]))));
    const byExample = b.map((value, e) => value - a[e]), own = real(variance(byExample)) / count;
    return spread(parts, ...examplePart(own, parts, count, group, first[0].length), byExample);
  }

  // The variance that comes from examples alone, and its degrees of freedom; `variance` has their noise in it.
  function examplePart(variance, parts, count, group, examples) {
    const own = Math.max(0, variance - sum(parts.map((part) => part.noise)));
    if (!group) return [own, count - 1];
    const df = Math.max(1, 1 / sum([...group.sizes.values()].map((size) => (size / examples) ** 2)) - 1);
    const noise = sum(parts.map((part) => part.noise ** 2 / (df * part.df)));
    const ofDifference = own ? own ** 2 / (variance ** 2 / df + noise) : df;
    return [own, Math.sqrt(df * Math.max(1, ofDifference))];
  }

  function spread(seeds, examples, examplesDf, byExample) {
    const seedVariance = sum(seeds.map((part) => part.variance)), whole = seedVariance + examples;
    const centre = mean(byExample), third = mean(byExample.map((value) => (value - centre) ** 3)) / byExample.length ** 2;
    const skewness = whole ? third / whole ** 1.5 : 0;
    return { seeds, examples, examplesDf, seedVariance, variance: whole, skewness };
  }

  // ---- critical values and p values (reference.py, equivalence.py) ----

  function seedQuantile(seeds, tail) {
    if (seeds.length === 1) return studentQuantile(seeds[0].df, tail);
    const [a, b] = seeds.map((part) => part.df);
    const share = seeds[0].variance / (seeds[0].variance + seeds[1].variance);
    const welch = studentQuantile(1 / (share ** 2 / a + (1 - share) ** 2 / b), tail);
    if (a === b) return welch;
    const cochran = share * studentQuantile(a, tail) + (1 - share) * studentQuantile(b, tail);
    return welch + (Math.abs(a - b) / (a + b)) * (cochran - welch);
  }

  function critical(spread, tail) {
    const share = spread.seedVariance / spread.variance;
    const weight = share - (share * (1 - share) ** 2) / 2;
    const ofExamples = studentQuantile(spread.examplesDf, tail);
    return (ofExamples + weight * (seedQuantile(spread.seeds, tail) - ofExamples)) * Math.sqrt(spread.variance);
  }

  function beyond(spread, distance) {
    if (distance < 0) return 1 - beyond(spread, -distance);
    const steps = distance / Math.sqrt(spread.variance), dfs = spread.seeds.map((part) => part.df);
    const bounds = [spread.examplesDf, ...dfs, sum(dfs)].map((df) => studentAbove(df, steps));
    const low = Math.max(Math.min(...bounds) * 0.999, FAINTEST), high = Math.min(Math.max(...bounds) * 1.001, 0.5);
    if (critical(spread, low) <= distance) return low;
    return Math.exp(root((log) => distance - critical(spread, Math.exp(log)), Math.log(low), Math.log(high)));
  }

  // The same for an estimate of that skewness to the side asked, freed of it (Hall 1992).
  function above(spread, distance, skewness) {
    const deviation = Math.sqrt(spread.variance), steps = distance / deviation;
    return beyond(spread, (steps + skewness / 6 + (skewness * steps ** 2) / 3 + (skewness ** 2 * steps ** 3) / 27) * deviation);
  }

  function decide(gain, pValue, pEquivalent, alpha) {
    if (pValue < alpha) return gain > 0 ? "helps" : "hurts";
    return pEquivalent < alpha ? "practically equal" : "not enough evidence";
  }

  function compareArms(first, second, settings) {
    const effect = mean(second.map(mean)) - mean(first.map(mean));
    const nothing = { effect, low: NaN, high: NaN, p_value: NaN, p_equivalent: NaN, seed_share: NaN, closeness: NaN };
    const group = coarsest(settings.clusters, first[0].length);
    if (Math.min(first.length, second.length) < 2 || (group && group.sizes.size < 2)) return nothing;
    const found = spreadOf(first, second, settings.paired, group);
    if (found.variance === 0 || found.seedVariance === 0) return nothing;
    const reach = critical(found, settings.level / 2);
    return {
      effect, low: effect - reach, high: effect + reach,
      p_value: 2 * beyond(found, Math.abs(effect)),
      p_equivalent: Math.max(above(found, settings.margin - effect, -found.skewness),
        above(found, settings.margin + effect, found.skewness)),
      seed_share: found.seedVariance / found.variance,
      closeness: Math.min(...found.seeds.map((part) => part.closeness)),
    };
  }

  // ---- planned looks (sequential.py, looks.py) ----

  const FAR = 8.5, NODES = 96;
  const ALPHAS = Array.from({ length: 50 }, (_, i) => Math.exp(Math.log(1e-7) + (i / 49) * (Math.log(0.5) - Math.log(1e-7))));
  const SPENDING = {
    obrien_fleming: (share, alpha) => 2 * normalAbove(normalQuantile(alpha / 2) / Math.sqrt(share)),
    pocock: (share, alpha) => alpha * Math.log(1 + (Math.E - 1) * share),
  };
  const density = (z) => Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI);

  const legendre = (() => { // nodes and weights of Gauss-Legendre integration, by Newton's method
    const nodes = [], weights = [];
    for (let i = 0; i < NODES; i++) {
      let x = -Math.cos((Math.PI * (i + 0.75)) / (NODES + 0.5)), slope = 1;
      for (let step = 0; step < 100; step++) {
        let [now, before] = [1, 0];
        for (let n = 0; n < NODES; n++) [now, before] = [((2 * n + 1) * x * now - n * before) / (n + 1), now];
        slope = (NODES * (x * now - before)) / (x * x - 1);
        x -= now / slope;
        if (Math.abs(now / slope) < 1e-15) break;
      }
      nodes.push(x); weights.push(2 / ((1 - x * x) * slope * slope));
    }
    return [nodes, weights];
  })();

  // The one-sided level of each look, for a one-sided total of alpha.
  function levels(looks, spending, alpha) {
    if (looks.length === 1) return [alpha];
    const found = [];
    let points = [], weights = [], used = 0, before = 0;
    for (const look of looks) {
      const share = look / looks[looks.length - 1], wide = Math.sqrt(share - before);
      const wanted = Math.max(SPENDING[spending](share, alpha) - used, LEAST);
      const crossed = (bound) => sum(points.map((z, i) =>
        weights[i] * normalAbove((bound * Math.sqrt(share) - z * Math.sqrt(before)) / wide)));
      const bound = before ? root((b) => Math.log(wanted) - Math.log(Math.max(crossed(b), LEAST)), -FAR, 40) : normalQuantile(wanted);
      found.push(normalAbove(bound));
      used += wanted;
      const half = (Math.min(bound, FAR) + FAR) / 2, next = legendre[0].map((x) => -FAR + (x + 1) * half);
      const weightOf = (z) => before ? (Math.sqrt(share) / wide) * sum(points.map((y, i) =>
        weights[i] * density((z * Math.sqrt(share) - y * Math.sqrt(before)) / wide))) : density(z);
      weights = next.map((z, i) => legendre[1][i] * half * weightOf(z));
      points = next; before = share;
    }
    return found;
  }

  const known = new Map(); // levels at each of ALPHAS, by plan: they are needed again and again

  function levelsAt(looks, spending, place) {
    const key = `${looks} ${spending} ${place}`;
    if (!known.has(key)) known.set(key, levels(looks, spending, ALPHAS[place]));
    return known.get(key);
  }

  // The total alpha at which a look's level is its p value, between two of ALPHAS.
  function total(looks, spending, look, p) {
    const level = (place) => levelsAt(looks, spending, place)[look];
    if (Number.isNaN(p) || p >= level(ALPHAS.length - 1)) return 1;
    const log = Math.log(Math.max(p, LEAST));
    const at = (place) => Math.log(Math.max(level(place), LEAST));
    if (log <= at(0)) return ALPHAS[0];
    let low = 0, high = ALPHAS.length - 1;
    while (high - low > 1) { const middle = (low + high) >> 1; if (at(middle) <= log) low = middle; else high = middle; }
    const share = (log - at(low)) / (at(high) - at(low));
    return Math.exp(Math.log(ALPHAS[low]) + share * (Math.log(ALPHAS[high]) - Math.log(ALPHAS[low])));
  }

  const overLooks = (looks, spending, pValues) => looks.length === 1 ? pValues[0]
    : Math.min(...pValues.map((p, look) => total(looks, spending, look, p)));

  // A comparison over the looks that its seeds allow, before it is adjusted for the study's others.
  function compareOverLooks(first, second, settings) {
    const { looks, spending, alpha, sign } = settings, seeds = Math.min(first.length, second.length);
    const reached = looks.filter((look) => look <= seeds);
    const level = 2 * levels(looks, spending, alpha / 2)[Math.max(reached.length - 1, 0)];
    const at = (count) => compareArms(count ? first.slice(0, count) : first, count ? second.slice(0, count) : second, { ...settings, level });
    if (!reached.length) {
      const whole = at(0), scaled = (p) => Math.min(1, (p * alpha) / level);
      return { ...whole, level, p_value: scaled(whole.p_value), p_equivalent: scaled(whole.p_equivalent) };
    }
    const found = reached.map((look) => at(look === seeds ? 0 : look)), last = found[found.length - 1];
    if (Number.isNaN(last.p_value)) return { ...last, level };
    const sides = found.map((one) => (one.effect * sign * (last.effect * sign) >= 0 ? one.p_value / 2 : 1));
    const pEquivalent = overLooks(looks, spending, found.map((one) => one.p_equivalent));
    return { ...last, level, p_value: Math.min(1, 2 * overLooks(looks, spending, sides)), p_equivalent: pEquivalent };
  }

  // Holm's correction of p values among so many comparisons; NaN stays NaN (several.py).
  function holm(pValues, among) {
    const order = pValues.map((_, i) => i).filter((i) => !Number.isNaN(pValues[i])).sort((a, b) => pValues[a] - pValues[b]);
    const found = pValues.slice();
    let most = 0;
    order.forEach((place, rank) => { most = Math.max(most, pValues[place] * (among - rank)); found[place] = Math.min(1, most); });
    return found;
  }

  // ---- the record ----

  async function unpacked(packed) {
    const bytes = Uint8Array.from(atob(packed.bytes), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    const buffer = await new Response(stream).arrayBuffer();
    if (packed.form === "table") return Array.from(new Uint8Array(buffer), (place) => packed.table[place]);
    return Array.from(packed.form === "u4" ? new Uint32Array(buffer) : new Float64Array(buffer));
  }

  // Every comparison's verdict, in the order of the record; null for those that state none.
  async function verdicts(record) {
    const config = JSON.parse(record.config), { margin, alpha, spending } = config, found = [];
    for (const one of record.comparisons) {
      if (!one.stated) { found.push(null); continue; }
      const group = record.scores[one.examples];
      const arm = (runs) => Promise.all(runs.map(async (run) => (await unpacked(group.runs[run])).map((v) => v * one.scale)));
      const clusters = await Promise.all(group.clusters.map((level) => unpacked(level.codes)));
      const settings = { margin, alpha, spending, clusters, looks: one.looks, paired: one.paired, sign: one.higher_is_better ? 1 : -1 };
      found.push({ ...compareOverLooks(await arm(one.runs[0]), await arm(one.runs[1]), settings), sign: settings.sign });
    }
    const judged = found.filter(Boolean), among = found.length;
    for (const name of ["p_value", "p_equivalent"]) {
      const adjusted = holm(judged.map((one) => one[name]), among);
      judged.forEach((one, place) => { one[name] = adjusted[place]; });
    }
    judged.forEach((one) => { one.decision = decide(one.effect * one.sign, one.p_value, one.p_equivalent, alpha); });
    return found;
  }

  // What a stated verdict says otherwise than the scores give it; none where they agree to a millionth.
  function differences(stated, found) {
    const names = ["effect", "low", "high", "level", "p_value", "p_equivalent", "seed_share", "closeness"];
    const faults = names.filter((name) => {
      const [told, ours] = [stated[name] ?? NaN, found[name]];
      return Number.isNaN(told) !== Number.isNaN(ours) || Math.abs(told - ours) > 1e-6 * (1 + Math.abs(ours));
    }).map((name) => `${name.replace("_", " ")} is stated as ${stated[name]}, the scores give ${found[name]}`);
    if (stated.decision !== found.decision) faults.push(`stated "${stated.decision}", the scores give "${found.decision}"`);
    return faults;
  }

  // SHA-256 of a text as UTF-8, in hexadecimal (FIPS 180-4): pages opened from disk have no crypto.subtle everywhere.
  function sha256(text) {
    const fraction = (x) => Math.floor((x - Math.floor(x)) * 2 ** 32);
    const primes = [];
    for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
    const K = primes.map((p) => fraction(Math.cbrt(p)));
    let hash = primes.slice(0, 8).map((p) => fraction(Math.sqrt(p)));
    const content = new TextEncoder().encode(text), size = ((content.length + 72) >> 6) << 6;
    const bytes = new Uint8Array(size), view = new DataView(bytes.buffer), w = new Int32Array(64);
    bytes.set(content); bytes[content.length] = 0x80;
    view.setUint32(size - 8, Math.floor(content.length / 2 ** 29)); view.setUint32(size - 4, content.length << 3);
    const turn = (x, n) => (x >>> n) | (x << (32 - n));
    for (let start = 0; start < size; start += 64) {
      for (let i = 0; i < 64; i++) {
        const [a, b] = [w[i - 15], w[i - 2]];
        w[i] = i < 16 ? view.getInt32(start + 4 * i)
          : w[i - 16] + w[i - 7] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
      }
      let [a, b, c, d, e, f, g, h] = hash;
      for (let i = 0; i < 64; i++) {
        const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
        const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
      }
      hash = [a, b, c, d, e, f, g, h].map((value, i) => (value + hash[i]) | 0);
    }
    return hash.map((value) => (value >>> 0).toString(16).padStart(8, "0")).join("");
  }

  return { verdicts, differences, sha256, unpacked, levels, studentAbove, studentQuantile, normalQuantile, gammaParts };
})();

if (typeof module !== "undefined") module.exports = Recompute;
