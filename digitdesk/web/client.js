// The served page asks the computer it came from: the same form of reader, the answers from there.
"use strict";

const KEY = new URLSearchParams(location.search).get("key") || "";
const MOST_TRIES = 5;

/** What the server answers; where it has too much to do, it is asked again a little later. */
async function ask(path, question) {
  const headers = { "Content-Type": "application/json", "X-DigitDesk-Key": KEY };
  const settings = question ? { method: "POST", body: JSON.stringify(question) } : {};
  for (let tries = 1; ; tries += 1) {
    const response = await fetch(path, { headers, ...settings });
    if (response.status === 503 && tries < MOST_TRIES) {
      const seconds = Number(response.headers.get("Retry-After")) || 1;
      await new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
      continue;
    }
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error.sentence);
    return answer;
  }
}

/** A reader whose networks are elsewhere; `card` is that of the chosen model. */
function makeClient(models) {
  const client = {
    models,
    card: cardOf(models[0]),
    choose(id) {
      client.card = cardOf(models.find((model) => model.id === id));
    },
    async readStrokes(strokes) {
      const question = { strokes, model: client.card.id, with_seen: true };
      const { predictions } = await ask("api/predict", question);
      const [{ probabilities, reason, seen }] = predictions;
      return { probabilities, reason, greys: seen && greysOf(seen) };
    },
    readNumber(strokes, { isGlance }) {
      return ask("api/number", { strokes, model: client.card.id, at_a_glance: isGlance });
    },
  };
  return client;
}

function cardOf({ id, title, class_names: classNames }) {
  return { id, title, classNames };
}

/** Base64 of bytes as greys 0 … 1. */
function greysOf(text) {
  return Array.from(atob(text), (letter) => letter.charCodeAt(0) / 255);
}

async function start() {
  showLanguage(language);
  try {
    const { models } = await ask("api/models");
    const client = makeClient(models);
    const page = startPage(client);
    const choice = document.getElementById("model");
    for (const { id } of models) choice.append(new Option(id, id));
    choice.addEventListener("change", () => {
      client.choose(choice.value);
      page.again();
    });
  } catch (error) {
    showAnswer("", false, [error.message]);
  }
}

start();
