// Weighs two opinions of a number: of each digit by itself, and of the line as a whole.
//
// Written after digitdesk/recognition/line_opinion.py. A row is one way to read a number: its
// `parts` from left to right, the `ink` that they are candidates of, and its `score`.
"use strict";

/** The row that both opinions find likeliest, its digits as both together see them. */
function likeliestRow(rows, line, classNames) {
  const { COMPARED } = NUMBERS.line_opinion;
  const first = scoresOfBoth(rows, line);
  const near = rows.map((_, k) => k).sort((a, b) => first[b] - first[a]);
  const seen = near.slice(0, COMPARED).map((k) => seenByBoth(rows[k], line, classNames));
  const scores = scoresOfBoth(seen, line);
  const best = indexOfLargest(scores);
  const chances = softmax(scores);
  // Two divisions that read the same do not make each other less likely.
  const isSame = (row) => textOfRow(row) === textOfRow(seen[best]);
  const certainty = chances.reduce((sum, one, k) => sum + (isSame(seen[k]) ? one : 0), 0);
  return { ...seen[best], certainty };
}

function scoresOfBoth(rows, line) {
  const likelihoods = textLikelihoods(line, rows.map(textOfRow));
  return rows.map(({ score }, k) => score + NUMBERS.line_opinion.OF_LINE * likelihoods[k]);
}

/** A row whose digits are what both opinions together say of each. */
function seenByBoth(row, line, classNames) {
  const { OF_LINE_FOR_DIGITS, LEAST } = NUMBERS.line_opinion;
  const text = row.parts.map(textOf);
  let { score } = row;
  const parts = row.parts.map((part, place) => {
    if (!part.digit) return part;
    const [before, behind] = [text.slice(0, place).join(""), text.slice(place + 1).join("")];
    const byLine = textLikelihoods(line, classNames.map((name) => before + name + behind));
    const byItself = part.digit.probabilities.map((chance) => Math.log(Math.max(chance, LEAST)));
    const most = Math.max(...byLine);
    const both = byItself.map((one, k) => one + OF_LINE_FOR_DIGITS * (byLine[k] - most));
    const chances = Array.from(softmax(both));
    // The row counts with what its digits are now, by their own opinion.
    score += byItself[indexOfLargest(chances)] - Math.max(...byItself);
    return { ...part, digit: { ...part.digit, ...guessOf(chances, classNames) } };
  });
  return { ...row, parts, score };
}
