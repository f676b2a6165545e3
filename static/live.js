/* Keeps a page true while something is under way (a payment, a merge). [data-live] holds the address of the page's
   JSON, or nothing; [data-live-step] the sentence the page was drawn with. [data-live-done] appears when nothing is awaited any more.
   Loaded only by pages that wait. */

const EVERY = 3000;
const AT_MOST = 200; // ten minutes; who stays longer reloads

const page = document.querySelector("[data-live]");
const voice = document.querySelector("[data-live-voice]");
let known = JSON.stringify(page?.dataset.liveStep);

/** The facts that must differ for the page to be drawn again; null when they can't be had now. */
async function gist() {
  if (!page.dataset.live) return String(Date.now());
  const answer = await fetch(page.dataset.live, { headers: { Accept: "application/json" } });
  if (!answer.ok) return null;
  const facts = await answer.json();
  return known === JSON.stringify(facts.next_step?.text) ? known : JSON.stringify(facts);
}

/** Whether a field holds something else than it was drawn with. */
function isChanged(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
  return field.value !== field.defaultValue;
}

/** Whether somebody is in the middle of something there: the keyboard's place, typed words, an opened question. */
function isInUse(part) {
  if (part.contains(document.activeElement) || part.querySelector("details[open]")) return true;
  return [...part.querySelectorAll("input, select, textarea")].some(isChanged);
}

/** What a part says; "3 seconds ago" counts as its moment, or it would be news at every look. */
function words(part) {
  const copy = part.cloneNode(true);
  for (const time of copy.querySelectorAll("time")) time.textContent = time.dateTime;
  return copy.textContent;
}

/** Replaces each [data-part] that changed by its new self but those in use; whether the page is wholly true now. */
async function redraw() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return false;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  let spoken = false, whole = true;
  for (const part of document.querySelectorAll("[data-part]")) {
    const next = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
    if (!next || words(next) === words(part)) continue;
    if (isInUse(part)) {
      whole = false;
      continue;
    }
    part.replaceWith(next);
    spoken ||= part.dataset.part === "next";
  }
  if (spoken) voice.textContent = document.querySelector("[data-part=next] strong")?.textContent ?? "";
  return whole;
}

async function look() {
  const seen = await gist();
  if (seen === null || seen === known) return;
  if (await redraw()) known = seen;
}

function watch(turn) {
  if (turn >= AT_MOST || document.querySelector("[data-live-done]")) return;
  setTimeout(async () => {
    if (!document.hidden) await look().catch(() => undefined);
    watch(turn + 1);
  }, EVERY);
}

if (page && voice) watch(0);
