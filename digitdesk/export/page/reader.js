// A reader: from strokes or a picture to probabilities, how sure they are, and why an answer is not.
"use strict";

const NO_INK = { probabilities: [], sureness: 0, reason: "empty", greys: null };

/** A reader of the page's model: its networks, and what its card says of their answers. */
function makeReader({ card, networks }) {
  const ready = {};
  let readLine = null;
  for (const { name, layers, shape } of networks) {
    const [channels, height, width] = shape;
    const own = layers.map(withNumbers);
    if (name === "lines") readLine = makeLineReader(card.lines, own);
    else ready[name] = makeNetwork(own, { channels, height, width });
  }
  const { pictures, strokes } = ready;
  const knowsAll = readLine && card.classNames.every((name) => card.lines.names.includes(name));
  if (!knowsAll) readLine = null;
  const readsPictures = Boolean(pictures);

  /** The logits of a picture, the mean over its views; `pause` is awaited before each view. */
  async function logitsOfPicture(greys, { isGlance, pause }) {
    const views = card.views.length && !isGlance ? viewsOf(greys, card.views) : [greys];
    const sum = new Float64Array(pictures.shape.channels);
    for (const view of views) {
      await pause();
      pictures.read(view).forEach((logit, k) => (sum[k] += logit / views.length));
    }
    return sum;
  }

  /** What the model says of greys of 28×28 pixels, ink = 1. */
  async function readPicture(picture, how = {}) {
    const greys = Float64Array.from(picture);
    if (!greys.some((grey) => grey > 0)) return NO_INK;
    const logits = await logitsOfPicture(greys, { pause: async () => {}, ...how });
    return answerOf(card, logits, card.temperature, greys);
  }

  /**
   * What the networks for digits say of strokes. At a glance, a picture is read in one view.
   *
   * Where there is a network that knows strokes, the mean of both networks' logits counts.
   */
  async function readDigit(drawing, how = {}) {
    const shown = strokes ? strokePlanes(drawing) : prepareStrokes(drawing);
    if (!shown) return NO_INK;
    if (!strokes) return readPicture(shown, how);
    const greys = shown.slice(0, PREPARATION.side ** 2);
    const settings = { pause: async () => {}, ...how };
    await settings.pause();
    const own = Float64Array.from(strokes.read(shown));
    if (!readsPictures) return answerOf(card, own, card.temperature, greys);
    const seen = await logitsOfPicture(greys, settings);
    const { weight, temperature } = card.strokes;
    const logits = own.map((logit, k) => logit * weight + seen[k] * (1 - weight));
    return answerOf(card, logits, temperature, greys);
  }

  /** What the model says of strokes, by the network for lines, too; at a glance without it. */
  async function readStrokes(drawing, how = {}) {
    if (!readLine || !strokes || how.isGlance) return readDigit(drawing, how);
    // Beside what is said of the strokes and of the line, further views tell nothing new.
    const answer = await readDigit(drawing, { ...how, isGlance: true });
    if (!answer.greys) return answer;
    if (how.pause) await how.pause();
    return seenAsLine(card, answer, readLine(digitPicture(withoutTaps(drawing))));
  }

  const readNumber = makeNumberReader({ card, readDigit, readLine });
  return { card, readsPictures, readPicture, readStrokes, readNumber };
}

/** A layer's description with its arrays as numbers. */
function withNumbers(layer) {
  const ready = { ...layer };
  for (const [name, value] of Object.entries(layer)) {
    if (value && value.dtype) ready[name] = decodeArray(value);
  }
  if (layer.layers) ready.layers = layer.layers.map(withNumbers);
  if (layer.shortcut) ready.shortcut = withNumbers(layer.shortcut);
  return ready;
}

/** Probabilities of the classes, how sure the best is when rejects count too, and any doubt. */
function answerOf(card, logits, temperature, greys) {
  const classes = card.classNames.length;
  const scaled = Float64Array.from(logits, (logit) => logit / temperature);
  const joint = softmax(scaled);
  const sureness = Math.max(...joint.subarray(0, classes));
  const rejects = Array.from(joint.subarray(classes));
  return {
    probabilities: Array.from(softmax(scaled.subarray(0, classes))),
    rejects,
    sureness,
    reason: refusalReason(card, sureness, rejects),
    greys,
  };
}

/** An answer with what the network for lines says of which digit it is; not whether it is one. */
function seenAsLine(card, answer, line) {
  if (!line) return answer;
  const { WEIGHT, LEAST } = NUMBERS.digit_opinion;
  const own = answer.probabilities.map((one) => Math.log(Math.max(one, LEAST)));
  const seen = textLikelihoods(line, card.classNames);
  const both = softmax(Float64Array.from(own, (log, k) => log + WEIGHT * (seen[k] - log)));
  const isDigit = answer.rejects.reduce((rest, reject) => rest - reject, 1);
  const sureness = isDigit * Math.max(...both);
  const reason = refusalReason(card, sureness, answer.rejects);
  return { ...answer, probabilities: Array.from(both), sureness, reason };
}

/** Why an answer is refused, or an empty text where it is given. */
function refusalReason({ refusalThreshold, rejectNames }, sureness, rejects) {
  if (refusalThreshold === null || sureness >= refusalThreshold) return "";
  const most = Math.max(-1, ...rejects);
  return most < sureness ? "unsure" : rejectNames[rejects.indexOf(most)];
}

/**
 * A picture as it is, and then once for each view: [a, b, c, d] takes the pixel at (x, y), measured
 * from the middle, from (a·x + b·y, c·x + d·y).
 */
function viewsOf(greys, views) {
  const { side } = PREPARATION;
  const middle = (side - 1) / 2;
  const changed = views.map(([a, b, c, d]) =>
    greys.map((_, pixel) => {
      const [x, y] = [(pixel % side) - middle, Math.floor(pixel / side) - middle];
      return greyAt(greys, side, a * x + b * y + middle, c * x + d * y + middle);
    }),
  );
  return [greys, ...changed];
}

/** A grey between pixels, mixed of its four neighbors; nothing outside of the picture. */
function greyAt(greys, side, x, y) {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, down] = [x - left, y - top];
  const at = (column, row) =>
    column < 0 || row < 0 || column >= side || row >= side ? 0 : greys[row * side + column];
  const upper = at(left, top) * (1 - right) + at(left + 1, top) * right;
  const lower = at(left, top + 1) * (1 - right) + at(left + 1, top + 1) * right;
  return upper * (1 - down) + lower * down;
}
