/* Keeps a page true while something is under way (a payment, a merge). [data-live] holds the address of the page's
   JSON, or nothing; [data-live-step] the sentence the page was drawn with. Loaded only by pages that wait. */

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

/** Replaces each [data-part] that changed by its new self, unless somebody is in it with the keyboard. */
async function redraw() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  let spoken = false;
  for (const part of document.querySelectorAll("[data-part]")) {
    const next = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
    if (!next || next.textContent === part.textContent || part.contains(document.activeElement)) continue;
    part.replaceWith(next);
    spoken ||= part.dataset.part === "next";
  }
  if (spoken) voice.textContent = document.querySelector("[data-part=next] strong")?.textContent ?? "";
}

async function look() {
  const seen = await gist();
  if (seen === null || seen === known) return;
  await redraw();
  known = seen;
}

function watch(turn) {
  if (turn >= AT_MOST) return;
  setTimeout(async () => {
    if (!document.hidden) await look().catch(() => undefined);
    watch(turn + 1);
  }, EVERY);
}

if (page && voice) watch(0);
