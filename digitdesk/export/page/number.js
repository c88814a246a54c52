// Reads numbers: of all ways to divide the ink into digits and signs, the one that is likeliest.
//
// Written after digitdesk/recognition/number_reader.py.
"use strict";

const FORMS = NUMBERS.number_forms.FORMS.map(([form, cost]) => [new RegExp(`^(?:${form})$`), cost]);

/**
 * `readNumber(drawing, how)` for a reader of single digits, and of lines where there is one.
 *
 * Answers to single digits are kept.
 */
function makeNumberReader({ card, readDigit, readLine }) {
  const remembered = new Map();
  const glimpsed = new Map();

  /** What the reader says of one candidate, by all views where it was once asked so. */
  async function readOne(strokes, how) {
    const key = JSON.stringify(strokes);
    const memory = how.isGlance ? glimpsed : remembered;
    const known = remembered.get(key) || memory.get(key);
    if (known) return known;
    if (memory.size >= NUMBERS.number_reader.REMEMBERED) memory.clear();
    const answer = digitOf(card, await readDigit(strokes, how));
    memory.set(key, answer);
    return answer;
  }

  /** What the reader says of each candidate. */
  async function readAll(ink, found, how) {
    const answers = [];
    for (const candidate of found) answers.push(await readOne(strokesOf(ink, candidate), how));
    return answers;
  }

  /** One row of digits. */
  async function readRow(drawing, how) {
    const ink = numberInk(drawing);
    const found = candidatesOf(ink);
    if (!found.length) return { reading: EMPTY_NUMBER, likelihood: 0 };
    const parts = partsOf(ink, found, await readAll(ink, found, how));
    const rows = bestRows(ink, parts, (row) => rowPenalty({ ...row, ink }));
    const line = await lineReading(ink, how);
    const row = line ? await likeliestBy(line, ink, rows, how) : rows[0];
    // How probable it is that all of it is digits and signs.
    const likelihood = row.parts.reduce((all, { sureness }) => all * sureness, row.certainty);
    return { reading: readingOf(card, row, Boolean(line)), likelihood };
  }

  /** What the network for lines says, where there is one. */
  async function lineReading(ink, { pause = async () => {} }) {
    if (!readLine) return null;
    const picture = linePicture(ink.strokes, ink.height);
    if (!picture) return null;
    await pause();
    return readLine(picture);
  }

  /** The likeliest row of these and those that only the network for lines has found. */
  async function likeliestBy(line, ink, rows, how) {
    const others = await dividedByLine(line, ink, rows, how);
    return likeliestRow([...rows, ...others], line, card.classNames);
  }

  /** Other rows than these: the ink is cut as the network for lines says. */
  async function dividedByLine(line, ink, rows, how) {
    const found = [];
    for (const text of likeliestTexts(line, NUMBERS.number_reader.LINE_TEXTS)) {
      const signs = [...text].map((sign) => (isSign(sign) ? sign : ""));
      const isSo = (row) => hasSigns(row, signs) && mayRead(row, text, card.classNames);
      const isKnown = [...rows, ...found].some(isSo);
      const edges = mayBeWritten(signs) && !isKnown ? edgesOf(line, text) : null;
      const slices = edges && slicedInk(ink, edges);
      if (slices) found.push(await slicedRow([...text], slices, how));
    }
    return found;
  }

  /** The slices of a line as the digits and signs of a text. */
  async function slicedRow(text, { ink, found }, how) {
    const answers = await readAll(ink, found, how);
    const parts = text.map((sign, k) => sliceAs(sign, found[k], answers[k]));
    const score = parts.reduce((sum, part) => sum + part.score, -rowPenalty({ ink, parts }));
    return { ink, parts, score, isSliced: true };
  }

  /** A number, or several in rows below each other; at a glance, what is new is read in one view. */
  async function readNumber(drawing, how = {}) {
    const whole = await readRow(drawing, how);
    const rows = rowsOf(drawing);
    if (rows.length <= 1) return whole.reading;
    // An 8 of two circles lies as two rows do: what the reader makes of either decides.
    const byRow = [];
    for (const row of rows) byRow.push(await readRow(row, how));
    const read = byRow.filter(({ reading }) => reading.number);
    const likelihood = read.reduce((all, row) => all * row.likelihood, 1);
    if (!read.length || likelihood <= whole.likelihood) return whole.reading;
    return belowEachOther(read.map(({ reading }) => reading));
  }

  return readNumber;
}

const EMPTY_NUMBER = { number: "", digits: [], confidence: 0, reason: "empty" };

const isSign = (text) => NUMBERS.signs.SIGNS.includes(text);

/** Whether each sign, nothing for a digit, stands before a digit, as in every other row. */
function mayBeWritten(signs) {
  if (!signs.length || !NUMBERS.best_rows.MAY_BEGIN.includes(signs[0])) return false;
  return signs.every((sign, k) => !sign || signs[k + 1] === "");
}

/** Whether the ink is divided so: the sign at each place, nothing for a digit. */
function hasSigns({ parts }, signs) {
  const own = parts.map(({ candidate }) => candidate.sign);
  return own.length === signs.length && own.every((sign, k) => sign === signs[k]);
}

/** Whether the digits of a row may be those of a text, or the ink is divided otherwise. */
function mayRead({ parts }, text, classNames) {
  const lost = parts.reduce((sum, { digit }, k) => {
    if (!digit || !classNames.includes(text[k])) return sum;
    const chance = digit.probabilities[classNames.indexOf(text[k])];
    const least = Math.max(chance, NUMBERS.number_parts.LEAST_SURENESS);
    return sum + Math.log(Math.max(...digit.probabilities) / least);
  }, 0);
  return lost < NUMBERS.line_opinion.OTHER_DIGITS;
}

/** What was cut out by columns as the digit or sign that the network for lines sees there. */
function sliceAs(sign, candidate, digit) {
  const { LEAST_OF_SLICE, SURENESS_OF_SIGN } = NUMBERS.number_reader;
  if (isSign(sign)) {
    const asSign = { ...candidate, sign };
    return { candidate: asSign, score: 0, sureness: SURENESS_OF_SIGN, digit: null };
  }
  const score = Math.log(Math.max(digit.sureness, LEAST_OF_SLICE));
  return { candidate, score, sureness: digit.sureness, digit };
}

/** What speaks against a row as a whole, its spaces seen. */
const rowPenalty = (row) => formPenalty(withSpaces(row.parts.map(textOf), placesOfSpaces(row)));

/** What speaks against a number as a whole: dates, phone numbers and decimals have few forms. */
function formPenalty(text) {
  const { APART, OTHER, OTHER_SIGN } = NUMBERS.number_forms;
  const costs = FORMS.filter(([form]) => form.test(text)).map(([, cost]) => cost);
  const words = text.split(" ");
  if (words.length > 1) {
    costs.push(words.reduce((sum, word) => sum + formPenalty(word), APART));
  }
  const signs = [...text].filter(isSign).length;
  return costs.length ? Math.min(...costs) : signs && OTHER + OTHER_SIGN * signs;
}

/** A row of digits and signs as it is told. */
function readingOf(card, row, byLine) {
  const { LEAST_CONFIDENCE } = NUMBERS.number_reader;
  const digits = row.parts
    .filter(({ digit }) => digit)
    .map(({ digit, candidate }) => ({ ...digit, box: candidate.box }));
  const confidence = numberConfidence(row, digits, byLine);
  const doubtful = digits.find(({ reason }) => reason);
  const isUnsure = card.refusalThreshold !== null && confidence < LEAST_CONFIDENCE;
  const reason = doubtful ? doubtful.reason : isUnsure ? "unsure" : "";
  return { number: writtenOut(row.ink, row.parts), digits, confidence, reason };
}

/** How probable it is that a whole number is right: never more than that of its least sure digit. */
function numberConfidence(row, digits, byLine) {
  const { OF_STROKES, OF_CUT_STROKES, OF_STROKES_ALONE } = NUMBERS.number_confidence;
  const asked = isCut(row) ? OF_CUT_STROKES : OF_STROKES;
  const [ofDivision, ofDigits] = byLine ? asked : OF_STROKES_ALONE;
  const each = digits.map(({ confidence }) => confidence);
  const allRight = each.reduce((all, confidence) => all * confidence, 1);
  return Math.min(row.certainty ** ofDivision * allRight ** ofDigits, ...each);
}

/** A number as it is written, with spaces where digits stand far apart. */
const writtenOut = (ink, parts) => withSpaces(parts.map(textOf), placesOfSpaces({ ink, parts }));

const withSpaces = (letters, places) =>
  letters.map((letter, k) => (places.includes(k) ? " " : "") + letter).join("");

/** The parts of a row before which there is a space. */
function placesOfSpaces({ ink, parts }) {
  const pairs = parts.flatMap((part, k) => (k > 0 && mayBeApart(ink, parts[k - 1], part) ? [k] : []));
  const gaps = pairs.map((k) => parts[k].candidate.box[0] - parts[k - 1].candidate.box[2]);
  const spaces = areSpaces(gaps, ink.height);
  return pairs.filter((_, n) => spaces[n]);
}

/** Whether there may be a space: between two digits for which the pen was lifted. */
function mayBeApart({ pieces }, left, right) {
  if (!left.digit || !right.digit) return false;
  return pieces[left.candidate.last - 1].source !== pieces[right.candidate.first].source;
}

/** Numbers in rows as one reading, which is right where all of them are. */
function belowEachOther(readings) {
  if (!readings.length) return EMPTY_NUMBER;
  return {
    number: readings.map(({ number }) => number).join("\n"),
    digits: readings.flatMap(({ digits }) => digits),
    confidence: readings.reduce((all, reading) => all * reading.confidence, 1),
    reason: readings.map(({ reason }) => reason).find(Boolean) || "",
  };
}
