// What each candidate of a number may be: a digit, as a reader sees it, or a sign.
//
// Written after digitdesk/recognition/number_parts.py.
"use strict";

/** A reader's answer as a digit. */
function digitOf({ classNames }, { probabilities, sureness, reason }) {
  return { ...guessOf(probabilities, classNames), sureness, reason };
}

/** The likeliest class, and how probable it is. */
function guessOf(probabilities, classNames) {
  const best = indexOfLargest(probabilities);
  return { probabilities, label: classNames[best], confidence: probabilities[best] };
}

/** The first of the largest. */
function indexOfLargest(numbers) {
  return numbers.indexOf(Math.max(...numbers));
}

/**
 * Each candidate as a digit, and as any sign it may be.
 *
 * A part has its `candidate`, a `score`, its `sureness` as for any ink, and its `digit`, or null.
 */
function partsOf(ink, found, answers) {
  const least = NUMBERS.number_parts.LEAST_SURENESS;
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

/** As it is written. */
const textOf = ({ candidate, digit }) => (digit ? digit.label : candidate.sign);
const textOfRow = ({ parts }) => parts.map(textOf).join("");
