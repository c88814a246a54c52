// Connectionist temporal classification: which labels stand in a line, though not where.
//
// Written after digitdesk/nn/ctc.py. `logs` has an array for each column of a line: logarithms of
// how probable each label is there, and last of no label (blank). A spelling is a list of labels.
"use strict";

/** How probable a spelling is: the logarithm of the sum over all ways through the columns. */
function logLikelihood(logs, labels) {
  const { states, maySkip } = chainOf(labels, logs[0].length - 1);
  const sums = firstOfChain(logs[0], states);
  for (const column of logs.slice(1)) {
    // From the right, so that what stands on the left is still that of the column before.
    for (let s = states.length - 1; s > 0; s -= 1) {
      const here = logAdd(sums[s], sums[s - 1]);
      sums[s] = (maySkip[s] ? logAdd(here, sums[s - 2]) : here) + column[states[s]];
    }
    sums[0] += column[states[0]];
  }
  return labels.length ? logAdd(sums.at(-1), sums.at(-2)) : sums[0];
}

/**
 * Where each label stands on the likeliest way through the columns: the middle of its columns.
 *
 * Where the labels are too many for the columns, some stand nowhere: NaN. Viterbi's algorithm.
 */
function alignment(logs, labels) {
  const { states, maySkip } = chainOf(labels, logs[0].length - 1);
  let best = firstOfChain(logs[0], states);
  const steps = [new Uint8Array(states.length)];
  for (const column of logs.slice(1)) {
    const [scores, own] = [new Float64Array(states.length), new Uint8Array(states.length)];
    for (let s = 0; s < states.length; s += 1) {
      scores[s] = best[s];
      for (let step = 1; step <= (maySkip[s] ? 2 : 1) && step <= s; step += 1) {
        if (best[s - step] > scores[s]) [scores[s], own[s]] = [best[s - step], step];
      }
      scores[s] += column[states[s]];
    }
    best = scores;
    steps.push(own);
  }
  const columns = labels.map(() => []);
  let state = states.length - (best.at(-2) > best.at(-1) ? 2 : 1);
  for (let t = logs.length - 1; t >= 0; t -= 1) {
    if (state % 2) columns[(state - 1) / 2].push(t);
    state -= steps[t][state];
  }
  return columns.map((own) => own.reduce((sum, t) => sum + t, 0) / own.length);
}

/**
 * The likeliest spellings, by prefix beam search.
 *
 * Of each prefix: how probable it is with a blank at its end (`ended`), and with its last label
 * there (`open`). Labels are kept as the characters of a text, by which equal ones are found.
 */
function likeliestSpellings(logs, count) {
  const { NEVER, FOLLOWED } = NUMBERS.ctc;
  let beam = [{ prefix: "", ended: 0, open: NEVER }];
  for (const column of logs) {
    const found = [...followed(beam, column).values()];
    for (const way of found) way.chance = logAdd(way.ended, way.open);
    beam = found.sort((a, b) => b.chance - a.chance).slice(0, FOLLOWED);
  }
  return beam.slice(0, count).map(({ prefix }) => [...prefix].map((sign) => sign.charCodeAt(0)));
}

/** Where the prefixes may be one column later. */
function followed(beam, column) {
  const { NEVER, LEAST } = NUMBERS.ctc;
  const blank = column.length - 1;
  const likely = [...column.keys()].filter((k) => k !== blank && column[k] > LEAST);
  const found = new Map();
  function add(prefix, ended, open) {
    const known = found.get(prefix);
    if (!known) return found.set(prefix, { prefix, ended, open });
    known.ended = logAdd(known.ended, ended);
    known.open = logAdd(known.open, open);
  }
  for (const { prefix, ended, open } of beam) {
    const either = logAdd(ended, open);
    add(prefix, either + column[blank], NEVER);
    for (const label of likely) {
      const isSame = prefix.charCodeAt(prefix.length - 1) === label;
      if (isSame) add(prefix, NEVER, open + column[label]);
      const next = prefix + String.fromCharCode(label);
      add(next, NEVER, (isSame ? ended : either) + column[label]);
    }
  }
  return found;
}

/**
 * The states that a spelling goes through: blank, label, blank, label, …, blank.
 *
 * A blank may be left out between two labels, unless they are equal.
 */
function chainOf(labels, blank) {
  const states = [blank, ...labels.flatMap((label) => [label, blank])];
  const maySkip = states.map((label, s) => s > 1 && label !== blank && label !== states[s - 2]);
  return { states, maySkip };
}

/** The scores of the states in the first column. */
function firstOfChain(column, states) {
  return Float64Array.from(states, (label, s) => (s < 2 ? column[label] : NUMBERS.ctc.NEVER));
}

/** log(exp(a) + exp(b)) without overflow. */
function logAdd(a, b) {
  return a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b));
}
