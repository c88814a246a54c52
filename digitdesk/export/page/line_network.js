// Reads a line of digits and signs as a whole, without dividing it first.
//
// Written after digitdesk/recognition/line_network.py.
"use strict";

/**
 * `readLine(picture)` for a network of lines: what it saw, and its `logs` as in ctc.js, with the
 * `names` of its labels; null where its numbers have overflowed.
 */
function makeLineReader({ names, temperature }, layers) {
  const { ROWS } = NUMBERS.line_picture;
  const ready = new Map();

  /** The network for lines of one width. */
  function networkFor(width) {
    const shape = { channels: 1, height: ROWS, width };
    if (!ready.has(width)) ready.set(width, makeNetwork(layers, shape));
    return ready.get(width);
  }

  return function readLine(picture) {
    const network = networkFor(picture.width);
    const logits = network.read(picture.greys);
    if (!logits.every(Number.isFinite)) return null;
    const { channels, width } = network.shape;
    const logs = Array.from({ length: width }, (_, t) => {
      const own = Array.from({ length: channels }, (_, k) => logits[k * width + t] / temperature);
      const sum = logSum(own);
      return own.map((logit) => logit - sum);
    });
    return { picture, logs, names: [...names] };
  };
}

/** How probable each text is, as logarithms; with signs that are unknown, not at all. */
function textLikelihoods({ logs, names }, texts) {
  const known = (text) => [...text].every((sign) => names.includes(sign));
  return texts.map((text) =>
    known(text) ? logLikelihood(logs, labelsOf(names, text)) : NUMBERS.line_network.UNKNOWN,
  );
}

const labelsOf = (names, text) => [...text].map((sign) => names.indexOf(sign));

function likeliestTexts({ logs, names }, count) {
  const spellings = likeliestSpellings(logs, count);
  return spellings.map((labels) => labels.map((label) => names[label]).join(""));
}

/**
 * Where one digit or sign of a text ends and the next begins, in the line's own unit: the column
 * with least ink between the two. Null where the text does not fit on the line.
 */
function edgesOf({ picture, logs, names }, text) {
  const { width, middle, scale } = picture;
  const places = alignment(logs, labelsOf(names, text));
  if (places.some(Number.isNaN)) return null;
  // Each pooling by two halves the columns; a layer without padding takes as many from either end.
  const step = 2 ** Math.round(Math.log2(width / logs.length));
  const first = (width - step * (logs.length - 1)) / 2;
  const ink = inkAcross(picture);
  return places.slice(1).map((place, k) => {
    const [left, right] = [first + step * places[k], first + step * place];
    const column = clearestColumn(ink, left, right);
    return middle + (column + 0.5 - width / 2) / scale;
  });
}

/** The column with least ink between two digits, rather one in the middle. */
function clearestColumn(ink, left, right) {
  const end = Math.min(Math.max(Math.floor(right), Math.floor(left) + 2), ink.length);
  const cost = (column) =>
    ink[column] + NUMBERS.line_network.NEAR * Math.abs(column - (left + right) / 2);
  let best = Math.floor(left) + 1;
  for (let column = best + 1; column < end; column += 1) {
    if (cost(column) < cost(best)) best = column;
  }
  return best;
}

/** The ink of each column, the mean with its neighbors. */
function inkAcross({ greys, width }) {
  const sums = new Float64Array(width);
  greys.forEach((grey, pixel) => (sums[pixel % width] += grey));
  const beside = (k) => sums[Math.max(k - 1, 0)] + sums[Math.min(k + 1, width - 1)];
  return sums.map((sum, k) => (sum + beside(k)) / 3);
}
