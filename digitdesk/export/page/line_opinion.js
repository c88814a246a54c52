// Weighs two opinions of a number: of each digit by itself, and of the line as a whole.
//
// Written after digitdesk/recognition/line_opinion.py. A row is one way to read a number: its
// `parts` from left to right, the `ink` that they are candidates of, and its `score`.
"use strict";

/** What counts how much for a row, in nats; slices are ink that was cut by columns. */
function weightsOf(row) {
  const { OF_STROKES, OF_CUT_STROKES } = NUMBERS.line_opinion;
  const weights = isCut(row) ? OF_CUT_STROKES : OF_STROKES;
  const [ofRow, ofDigit, ofLine, ofForm, ofSign, ofSlices, ofSlicedSign, ofCutOne] = weights;
  return { ofRow, ofDigit, ofLine, ofForm, ofSign, ofSlices, ofSlicedSign, ofCutOne };
}

/** Whether two of its parts were one stroke. */
const isCut = (row) => row.isSliced || row.parts.some((_, place) => isCutOut(place, row));

/** Whether a part was one stroke with the part beside it. */
function isCutOut(place, { ink: { pieces }, parts }) {
  const isOne = (left, right) =>
    left && right && pieces[left.candidate.last - 1].source === pieces[right.candidate.first].source;
  return isOne(parts[place - 1], parts[place]) || isOne(parts[place], parts[place + 1]);
}

/** The row, and the digits on it, that both opinions together find likeliest. */
function likeliestRow(rows, line, classNames) {
  const { COMPARED, TEXTS } = NUMBERS.line_opinion;
  const texts = likeliestTexts(line, TEXTS);
  const spaced = rows.map((row) => ({ ...row, spaces: placesOfSpaces(row) }));
  const spellings = spaced.flatMap((row) => spellingsOf(row, texts, classNames));
  const likelihoods = textLikelihoods(line, spellings.map(({ letters }) => letters.join("")));
  const rated = spellings.map((one, k) => {
    return { ...one, total: one.own + one.weights.ofLine * likelihoods[k] };
  });
  rated.sort((a, b) => b.total - a.total);
  // How probable each text is; two rows that read the same do not make each other less likely.
  const found = new Map();
  rated.forEach((one, place) => {
    const spelling = place < COMPARED ? improved(one, line, classNames) : one;
    const text = spelling.letters.join("");
    if (!found.has(text) || found.get(text).total < spelling.total) found.set(text, spelling);
  });
  const all = [...found.values()];
  const best = all.reduce((one, other) => (other.total > one.total ? other : one));
  const sum = all.reduce((chances, { total }) => chances + Math.exp(total - best.total), 0);
  return { ...seenByBoth(best, line, classNames), certainty: 1 / sum };
}

/** A row as it reads by itself, and as the network for lines would have it. */
function spellingsOf(row, texts, classNames) {
  const fitting = texts.filter((text) => fits(text, row, classNames));
  const all = new Set([textOfRow(row), ...fitting]);
  const weights = weightsOf(row);
  return [...all].map((text) => spellingOf(row, [...text], classNames, weights));
}

/** Whether a text has the row's signs where they are, and else digits that its reader knows. */
function fits(text, { parts }, classNames) {
  const isSo = (part, k) => (part.digit ? classNames.includes(text[k]) : text[k] === textOf(part));
  return text.length === parts.length && parts.every(isSo);
}

/** A row with its digits named in one way: what speaks for it beside the line's opinion. */
function spellingOf(row, letters, classNames, weights) {
  const lost = row.parts.map(({ digit }, place) => {
    if (!digit) return 0;
    const logs = ownLogs(digit);
    return Math.max(...logs) - logs[classNames.indexOf(letters[place])];
  });
  const score = row.score + rowPenalty(row);
  let own = weights.ofRow * score - weights.ofDigit * lost.reduce((sum, one) => sum + one, 0);
  own -= weights.ofForm * formPenalty(withSpaces(letters, row.spaces));
  const signs = row.parts.filter(({ digit }) => !digit).length;
  own += row.isSliced ? weights.ofSlices + weights.ofSlicedSign * signs : weights.ofSign * signs;
  const cutOnes = letters.filter((name, place) => name === "1" && isCutOut(place, row));
  if (cutOnes.length) own += weights.ofCutOne * cutOnes.length;
  return { row, letters, weights, own };
}

function ownLogs({ probabilities }) {
  return probabilities.map((chance) => Math.log(Math.max(chance, NUMBERS.line_opinion.LEAST)));
}

/** What speaks for each name of a digit while the others stay, in nats. */
function seenAt(place, { row, letters, weights }, line, classNames) {
  const texts = classNames.map((name) => named(letters, place, name));
  const byLine = textLikelihoods(line, texts.map((text) => text.join("")));
  const own = ownLogs(row.parts[place].digit);
  const seen = own.map((one, k) => weights.ofDigit * one + weights.ofLine * byLine[k]);
  if (isCutOut(place, row)) seen[classNames.indexOf("1")] += weights.ofCutOne;
  const least = seen[classNames.indexOf(letters[place])] - NUMBERS.line_opinion.FAR;
  const asNow = formPenalty(withSpaces(letters, row.spaces));
  const formOf = (one, k) => (one > least ? formPenalty(withSpaces(texts[k], row.spaces)) : asNow);
  return seen.map((one, k) => one - weights.ofForm * formOf(one, k));
}

const named = (letters, place, name) => letters.map((one, k) => (k === place ? name : one));

/** A spelling that no other name of one digit makes likelier. */
function improved(spelling, line, classNames) {
  const { row, letters, weights, total } = spelling;
  const best = { gain: NUMBERS.line_opinion.BETTER };
  const seen = row.parts.map(({ digit }, place) => {
    return digit ? seenAt(place, spelling, line, classNames) : [];
  });
  seen.forEach((names, place) => {
    const now = names[classNames.indexOf(letters[place])];
    names.forEach((one, k) => {
      if (one - now > best.gain) Object.assign(best, { gain: one - now, place, name: classNames[k] });
    });
  });
  if (!best.name) return { ...spelling, seen };
  const better = spellingOf(row, named(letters, best.place, best.name), classNames, weights);
  return improved({ ...better, total: total + best.gain }, line, classNames);
}

/** A row whose digits are as probable as both opinions together find each. */
function seenByBoth(spelling, line, classNames) {
  const parts = spelling.row.parts.map((part, place) => {
    if (!part.digit) return part;
    const seen = spelling.seen ? spelling.seen[place] : seenAt(place, spelling, line, classNames);
    const chances = Array.from(softmax(seen));
    return { ...part, digit: { ...part.digit, ...guessOf(chances, classNames) } };
  });
  return { ...spelling.row, parts };
}
