// Reads numbers: of all ways to divide the ink into digits and signs, the one that is likeliest.
//
// Written after digitdesk/recognition/number_reader.py.
"use strict";

const FORMS = NUMBERS.number_forms.FORMS.map(([form, cost]) => [new RegExp(`^(?:${form})$`), cost]);

/** `readNumber(drawing, how)` for a reader of single digits; answers to single digits are kept. */
function makeNumberReader({ card, readStrokes }) {
  const remembered = new Map();
  const glimpsed = new Map();

  /** What the reader says of one candidate, by all views where it was once asked so. */
  async function readDigit(strokes, how) {
    const key = JSON.stringify(strokes);
    const memory = how.isGlance ? glimpsed : remembered;
    const known = remembered.get(key) || memory.get(key);
    if (known) return known;
    if (memory.size >= NUMBERS.number_reader.REMEMBERED) memory.clear();
    const answer = digitOf(card, await readStrokes(strokes, how));
    memory.set(key, answer);
    return answer;
  }

  /** One row of digits. */
  async function readRow(drawing, how) {
    const ink = numberInk(drawing);
    const found = candidatesOf(ink);
    if (!found.length) return { reading: EMPTY_NUMBER, likelihood: 0 };
    const answers = [];
    for (const candidate of found) answers.push(await readDigit(strokesOf(ink, candidate), how));
    const { row, certainty } = bestRow(ink, partsOf(ink, found, answers), (parts) =>
      formPenalty(parts.map(textOf).join("")),
    );
    // How probable it is that all of it is digits and signs.
    const likelihood = row.reduce((all, { sureness }) => all * sureness, certainty);
    return { reading: readingOf(card, ink, row, certainty), likelihood };
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

function digitOf({ classNames }, { probabilities, sureness, reason }) {
  const best = probabilities.indexOf(Math.max(...probabilities));
  return { label: classNames[best], confidence: probabilities[best], sureness, reason };
}

/**
 * Each candidate as a digit, and as any sign it may be.
 *
 * A part has its `candidate`, a `score`, its `sureness` as for any ink, and its `digit`, or null.
 */
function partsOf(ink, found, answers) {
  const least = NUMBERS.number_reader.LEAST_SURENESS;
  const chances = found.map((candidate) => signChances(ink, candidate));
  const points = pointChances(ink, found, chances);
  const parts = [];
  found.forEach((candidate, place) => {
    const [digit, signs] = [answers[place], chances[place]];
    const { first, last, penalty } = candidate;
    const isAlone = last === first + 1;
    // A slash is as good a 1 as any, but what reads as another digit is no plus.
    signs["+"] *= 1 - digit.sureness;
    const anySign = Object.values(signs).reduce((sum, chance) => sum + chance, 0);
    const sureness = digit.sureness * (1 - anySign);
    let score = Math.log(Math.max(sureness, least)) - penalty;
    // No digit has a point or a comma beside it within.
    for (const chance of isAlone ? [] : points.slice(first, last)) {
      score += Math.log(Math.max(1 - chance, least));
    }
    parts.push({ candidate, score, sureness, digit });
    for (const [sign, chance] of Object.entries(signs)) {
      if (chance < least) continue;
      // A lone dot is low for a digit, not for a sign.
      const asSign = Math.log(chance) - (isAlone ? 0 : penalty);
      parts.push({ candidate: { ...candidate, sign }, score: asSign, sureness: chance, digit: null });
    }
  });
  return parts;
}

/** How probable it is that each piece is a point or a comma. */
function pointChances(ink, found, chances) {
  const points = [];
  found.forEach(({ first, last }, place) => {
    if (last !== first + 1) return;
    points[first] = isBeside(ink, first) ? chances[place]["."] + chances[place][","] : 0;
  });
  return points;
}

const textOf = ({ candidate, digit }) => (digit ? digit.label : candidate.sign);

/** What speaks against a number as a whole: dates, phone numbers and decimals have few forms. */
function formPenalty(text) {
  if (![...NUMBERS.signs.SIGNS].some((sign) => text.includes(sign))) return 0;
  const costs = FORMS.filter(([form]) => form.test(text)).map(([, cost]) => cost);
  return costs.length ? Math.min(...costs) : NUMBERS.number_forms.OTHER;
}

/** A row of digits and signs as it is told. */
function readingOf(card, ink, row, certainty) {
  const { LEAST_CONFIDENCE } = NUMBERS.number_reader;
  const digits = row
    .filter(({ digit }) => digit)
    .map(({ digit, candidate }) => ({ ...digit, box: candidate.box }));
  const confidence = numberConfidence(certainty, digits.map((digit) => digit.confidence));
  const doubtful = digits.find(({ reason }) => reason);
  const isUnsure = card.refusalThreshold !== null && confidence < LEAST_CONFIDENCE;
  const reason = doubtful ? doubtful.reason : isUnsure ? "unsure" : "";
  return { number: writtenOut(ink, row), digits, confidence, reason };
}

/** How probable it is that a whole number is right: never more than that of its least sure digit. */
function numberConfidence(division, digits) {
  const { OF_DIVISION, OF_DIGITS } = NUMBERS.number_confidence;
  const allRight = digits.reduce((all, confidence) => all * confidence, 1);
  return Math.min(division ** OF_DIVISION * allRight ** OF_DIGITS, ...digits);
}

/** A number as it is written, with spaces where digits stand far apart. */
function writtenOut(ink, row) {
  const pairs = row.flatMap((_, k) => (k > 0 && mayBeApart(ink, row[k - 1], row[k]) ? [k] : []));
  const gaps = pairs.map((k) => row[k].candidate.box[0] - row[k - 1].candidate.box[2]);
  const spaces = areSpaces(gaps, ink.height);
  const apart = new Set(pairs.filter((_, n) => spaces[n]));
  return row.map((part, k) => (apart.has(k) ? " " : "") + textOf(part)).join("");
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
