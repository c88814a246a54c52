// Neighboring pieces of ink as candidate digits and signs, and the likeliest row of them.
//
// Written after digitdesk/ink/segmentation and digitdesk/recognition/best_rows.py. Penalties and
// scores are logarithms of probabilities, in nats.
"use strict";

/**
 * All runs of neighboring pieces that may be one digit, ordered by their first piece.
 *
 * A candidate has `first` and `last` piece (the one behind it), `box`, `penalty` (how unlike one
 * digit its pieces lie), and `middle`: how high it stands beside its tall neighbors, 0 their top.
 */
function candidatesOf({ pieces, height }) {
  const { MOST_PIECES, WIDEST, HOPELESS } = NUMBERS.candidates;
  const found = [];
  for (let first = 0; first < pieces.length; first += 1) {
    for (let last = first + 1; last <= Math.min(first + MOST_PIECES, pieces.length); last += 1) {
      const members = pieces.slice(first, last);
      const box = unionOf(members.map((piece) => piece.box));
      const isAlone = members.length === 1;
      if (!isAlone && box[2] - box[0] > WIDEST * height) break;
      const others = pieces.filter((_, k) => k < first || k >= last).map((piece) => piece.box);
      const middle = middleBeside(box, others, height);
      let penalty = sizePenalty(box, middle, height);
      for (let k = 1; k < members.length; k += 1) {
        penalty += softplus(-togetherness(members[k - 1], members[k], height));
      }
      // A piece alone is always offered, so that there is always a way through the line.
      if (isAlone || penalty < HOPELESS) found.push({ first, last, box, penalty, middle, sign: "" });
    }
  }
  return found;
}

/** How high a box stands beside its tall neighbors; 0.5 where there are none. */
function middleBeside(box, others, height) {
  const across = ([left, , right]) => (left + right) / 2;
  const away = (other) => Math.abs(across(other) - across(box));
  const tall = columnsOf(others).filter((b) => heightOf(b) >= NUMBERS.candidates.TALL * height);
  // Not beside the whole line: a number may go uphill.
  const nearest = tall.sort((a, b) => away(a) - away(b)).slice(0, 2);
  if (!nearest.length) return 0.5;
  const mean = (side) => nearest.reduce((sum, other) => sum + other[side], 0) / nearest.length;
  return (middleOf(box) - mean(1)) / Math.max(mean(3) - mean(1), 1e-9);
}

/** How unusual size and place are for a digit on this line. */
function sizePenalty(box, middle, lineHeight) {
  const { LEAST_HEIGHT, MOST_WIDTH, MOST_OFFSET, SIZE_PENALTY } = NUMBERS.candidates;
  const tooLow = Math.max(0, LEAST_HEIGHT - heightOf(box) / lineHeight);
  const tooWide = Math.max(0, (box[2] - box[0]) / lineHeight - MOST_WIDTH);
  const offLine = Math.max(0, Math.abs(middle - 0.5) - MOST_OFFSET);
  return SIZE_PENALTY * (tooLow + tooWide + offLine);
}

/** Log-odds of two neighboring pieces being one digit. */
function togetherness(left, right, lineHeight) {
  const is = NUMBERS.candidates;
  const widthOf = ({ box }) => box[2] - box[0];
  const span = Math.max(left.box[2], right.box[2]) - Math.min(left.box[0], right.box[0]);
  const width = span / lineHeight;
  if (left.source === right.source) {
    const narrower = Math.min(widthOf(left), widthOf(right)) / lineHeight;
    return is.CUT_BIAS + is.CUT_WIDTH * width + is.CUT_NARROWER_WIDTH * narrower + right.bond;
  }
  const lower = Math.min(heightOf(left.box), heightOf(right.box)) / lineHeight;
  const gap = Math.max(left.box[0], right.box[0]) - Math.min(left.box[2], right.box[2]);
  return (
    is.BIAS +
    (is.OF_GAP * gap) / lineHeight +
    is.OF_LOWER_HEIGHT * lower +
    is.OF_COVERED * coveredPart(left.box, right.box, lineHeight) +
    is.OF_WIDTH * width +
    (is.OF_FEET * Math.abs(left.box[3] - right.box[3])) / lineHeight
  );
}

/** How much of the narrower of two boxes lies over or under the other, 0 … 1. */
function coveredPart(left, right, lineHeight) {
  const least = (NUMBERS.candidates.LEAST_WIDTH * lineHeight) / 2;
  const [a, b] = [left, right].map(([low, , high]) => {
    const [middle, half] = [(low + high) / 2, Math.max((high - low) / 2, least)];
    return [middle - half, middle + half];
  });
  const narrower = Math.min(a[1] - a[0], b[1] - b[0]);
  return Math.max(0, Math.min(a[1], b[1]) - Math.max(a[0], b[0])) / narrower;
}

/** What speaks against one digit ending before piece `place` and another beginning with it. */
function divisionPenalty({ pieces, height }, place, beside) {
  const [left, right] = [pieces[place - 1], pieces[place]];
  const { POINTS, UNDER } = NUMBERS.candidates;
  const most = POINTS.includes(beside) ? UNDER : 0;
  if (beside && coveredPart(left.box, right.box, height) <= most) return 0;
  return softplus(togetherness(left, right, height));
}

/** Whether a piece stands beside its neighbors, and not much over or under either. */
function isBeside({ pieces, height }, place) {
  const neighbors = [pieces[place - 1], pieces[place + 1]].filter(Boolean);
  const { box } = pieces[place];
  return neighbors.every((b) => coveredPart(box, b.box, height) <= NUMBERS.candidates.UNDER);
}

/** log(1 + exp(value)): minus the logarithm of a logistic probability. */
function softplus(value) {
  return Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)));
}

/** How probable each sign is for a candidate: naive Bayes with normal densities. */
function signChances(ink, candidate) {
  const { SIGNS, KINDS, STANDS_FOR, NEITHER, COMMON } = NUMBERS.signs;
  const weights = {};
  let total = NEITHER;
  const seen = isWhole(ink, candidate) ? signFeatures(ink, candidate) : null;
  for (const kind of Object.keys(KINDS)) {
    weights[kind] = seen ? normalDensity(seen, kind) * (COMMON[kind] ?? 1) : 0;
    total += weights[kind];
  }
  const chances = Object.fromEntries([...SIGNS].map((sign) => [sign, 0]));
  for (const [kind, weight] of Object.entries(weights)) {
    const sign = STANDS_FOR[kind] ?? kind;
    if (sign in chances) chances[sign] += weight / total;
  }
  return chances;
}

/** Whether a candidate is cut out of nothing larger, as no sign is. */
function isWhole({ pieces }, { first, last }) {
  const own = new Set(pieces.slice(first, last).map((piece) => piece.source));
  return pieces.every(({ source }, k) => !own.has(source) || (k >= first && k < last));
}

/** Width, height, middle, angle in degrees, thickness and distance from a cross. */
function signFeatures(ink, candidate) {
  const [left, top, right, bottom] = candidate.box;
  const [width, height] = [right - left, bottom - top];
  const points = strokesOf(ink, candidate).flat();
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const spread = (product) => mean(points.map(([x, y]) => product(x - meanX, y - meanY)));
  const [xx, xy, yy] = [spread((x) => x * x), spread((x, y) => x * y), spread((x, y) => y * y)];
  // The axes of the 2×2 matrix of spreads.
  const [half, away] = [(xx + yy) / 2, Math.hypot((xx - yy) / 2, xy)];
  const [low, high] = [Math.max(0, half - away), half + away];
  const axis = away > 0 ? Math.atan2(2 * xy, xx - yy) / 2 : Math.PI / 2;
  // y grows downward, and an axis has no direction.
  const angle = (((-axis * 180) / Math.PI % 180) + 180) % 180;
  const [centerX, centerY] = [(left + right) / 2, (top + bottom) / 2];
  const offCross = mean(
    points.map(([x, y]) => Math.min(Math.abs(x - centerX), Math.abs(y - centerY))),
  );
  return [
    width / ink.height,
    height / ink.height,
    candidate.middle,
    angle,
    high > 0 ? Math.sqrt(low / high) : 0,
    offCross / Math.max(width, height, 1e-9),
  ];
}

/** The product of normal densities, each in units of its own feature's range. */
function normalDensity(seen, kind) {
  const { KINDS, UNITS } = NUMBERS.signs;
  let log = 0;
  seen.forEach((value, k) => {
    const [mean, spread] = KINDS[kind][k];
    log -= ((value - mean) / spread) ** 2 / 2 + Math.log(spread / UNITS[k]);
  });
  return Math.exp(log);
}

/** Which of the gaps between neighboring digits are spaces: much wider than the others. */
function areSpaces(gaps, height) {
  const { LEAST, WIDER } = NUMBERS.spaces;
  const sorted = [...gaps].sort((a, b) => a - b);
  const narrowest = sorted.find(
    (gap, k) => k > 0 && gap >= LEAST * height && gap >= WIDER * sorted[k - 1],
  );
  return gaps.map((gap) => narrowest !== undefined && gap >= narrowest);
}

/**
 * The likeliest rows of parts that take up every piece once, the best one first.
 *
 * Parts have a `candidate` and a `score`, and come ordered by their first piece. `penalty` says
 * what speaks against a row as a whole. A row has its `ink`, `parts` and `score`, and in `certainty`
 * its probability among all rows. Viterbi's algorithm, with a list of the best ways.
 */
function bestRows(ink, parts, penalty) {
  const { MAY_BEGIN } = NUMBERS.best_rows;
  const [ways, sums] = [[], []];
  const ending = Array.from({ length: ink.pieces.length + 1 }, () => []);
  parts.forEach(({ candidate, score }, k) => {
    const { first, last, sign } = candidate;
    if (first === 0 && (!sign || MAY_BEGIN.includes(sign))) {
      ways.push([{ score, row: [k] }]);
      sums.push(score);
    } else {
      // Parts come by their first piece, so all ways that end there are known.
      const before = ending[first].filter((j) => !(sign && parts[j].candidate.sign));
      const steps = before.map(
        (j) => score - divisionPenalty(ink, first, sign || parts[j].candidate.sign),
      );
      ways.push(bestWays(before.flatMap((j, n) => ways[j].map((way) => onward(way, steps[n], k)))));
      sums.push(logSum(before.map((j, n) => sums[j] + steps[n])));
    }
    const isLastSign = sign && last === ink.pieces.length;
    if (ways[k].length && !isLastSign) ending[last].push(k);
  });
  const whole = bestWays(ending.at(-1).flatMap((k) => ways[k]));
  const rows = whole.map(({ score, row }) => {
    const own = { ink, parts: row.map((k) => parts[k]) };
    return { ...own, score: score - penalty(own) };
  });
  // All other rows count as they are: they are many, and none of them is probable.
  const everything = logSum(ending.at(-1).map((k) => sums[k]));
  const chance = ({ score }) => Math.exp(score - everything);
  const total = (scored) => scored.reduce((sum, one) => sum + chance(one), 0);
  const compared = total(rows) + Math.max(0, 1 - total(whole));
  rows.sort((a, b) => b.score - a.score);
  return rows.map((row) => ({ ...row, certainty: Math.min(chance(row) / compared, 1) }));
}

function onward({ score, row }, step, k) {
  return { score: score + step, row: [...row, k] };
}

function bestWays(ways) {
  return ways.sort((a, b) => b.score - a.score).slice(0, NUMBERS.best_rows.COMPARED);
}

/** log Σ exp(value) without overflow; of nothing, minus infinity. */
function logSum(values) {
  if (!values.length) return -Infinity;
  const largest = Math.max(...values);
  return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}
