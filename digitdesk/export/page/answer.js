// How an answer is shown: the digit, how sure it is, a bar for each class, and what was seen.
"use strict";

const MOST_BARS = 12;

/** Show what a reader says of one drawing. */
function showDigit(answer, classNames) {
  const best = bestOf(answer.probabilities);
  const name = best < 0 ? "" : classNames[best];
  const isSure = best >= 0 && !answer.reason;
  showAnswer(isSure ? name : best < 0 ? "" : "?", isSure, [
    ...(best < 0 ? [say("hint")] : []),
    ...(isSure ? [say("sure", { percent: percent(answer.probabilities[best]) })] : []),
    ...(best >= 0 && !isSure ? [say("notSure", { why: doubt(answer.reason) })] : []),
    ...(best >= 0 && !isSure
      ? [say("perhaps", { name, percent: percent(answer.probabilities[best]) })]
      : []),
  ]);
  showBars(answer.probabilities, classNames, best);
  showSeen(answer.greys);
}

/** Show what a reader says of a number. */
function showNumber(reading) {
  const isSure = Boolean(reading.number) && !reading.reason;
  showAnswer(reading.number || "", isSure, [
    ...(reading.number ? [] : [say("numberHint")]),
    ...(isSure ? [say("sure", { percent: percent(reading.confidence) })] : []),
    ...(reading.number && !isSure ? [say("notSure", { why: doubt(reading.reason) })] : []),
  ]);
}

function showAnswer(large, isSure, sentences) {
  const element = document.getElementById("answer");
  element.textContent = large;
  element.classList.toggle("doubtful", !isSure);
  document.getElementById("sentence").replaceChildren(
    ...sentences.map((sentence) => Object.assign(document.createElement("p"), { textContent: sentence })),
  );
}

function bestOf(probabilities) {
  return probabilities.indexOf(Math.max(...probabilities));
}

/** Why there is no sure answer, as a sentence; a model may have been taught other rejects. */
function doubt(reason) {
  return reason in WORDS[language] ? say(reason) : say("other", { name: reason });
}

/** A bar for each class; of very many, for the likeliest. */
function showBars(probabilities, classNames, best) {
  const order = classNames.map((_, k) => k);
  if (order.length > MOST_BARS) {
    order.sort((a, b) => (probabilities[b] || 0) - (probabilities[a] || 0));
    order.length = MOST_BARS;
  }
  const list = document.getElementById("bars");
  while (list.children.length < order.length) list.append(emptyBar());
  order.forEach((k, place) => {
    const row = list.children[place];
    const [name, bar, figure] = row.children;
    const probability = probabilities[k] || 0;
    name.textContent = classNames[k];
    bar.firstChild.style.transform = `scaleX(${probability})`;
    figure.textContent = probabilities.length ? percent(probability) : "";
    row.classList.toggle("best", k === best);
  });
}

function emptyBar() {
  const row = document.createElement("li");
  for (const name of ["name", "bar", "figure"]) {
    row.append(Object.assign(document.createElement("span"), { className: name }));
  }
  row.children[1].append(document.createElement("span"));
  return row;
}

/** The 28×28 picture, ink bright as on the board. */
function showSeen(greys) {
  const canvas = document.getElementById("seen");
  const context = canvas.getContext("2d");
  const picture = context.createImageData(canvas.width, canvas.height);
  for (let pixel = 0; pixel < canvas.width * canvas.height; pixel += 1) {
    const level = greys ? Math.round(255 * greys[pixel]) : 0;
    picture.data.set([level, level, level, 255], 4 * pixel);
  }
  context.putImageData(picture, 0, 0);
}
