/* Small comforts on every page: no double posts, copy buttons, the total while an amount is typed.
   Everything works without this file. */

/** One post per press: later presses are ignored until the page changes or is shown again. */
function guardSubmits() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    event.submitter?.setAttribute("aria-disabled", "true");
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      form.querySelector("[aria-disabled]")?.removeAttribute("aria-disabled");
    }
  });
}

function showCopyButtons() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    const word = button.querySelector("[data-copy-word]");
    const voice = button.parentElement.querySelector("[data-copy-voice]");
    const text = button.parentElement.querySelector("[data-copy-text]").textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text);
      word.textContent = voice.textContent = "Copied";
      setTimeout(() => { word.textContent = "Copy"; voice.textContent = ""; }, 2000);
    });
  }
}

/** What was typed as minor units, or null when it is no amount: digits, then at most the currency's decimals. */
function minorUnits(typed, exponent) {
  const match = /^(\d{1,9})(?:[.,](\d*))?$/.exec(typed.trim());
  if (!match || (match[2] ?? "").length > exponent) return null;
  return Number(match[1]) * 10 ** exponent + Number((match[2] ?? "").padEnd(exponent, "0"));
}

/** The amount written the way the server wrote `sample`: same sign, same side, other figures. */
function written(minor, exponent, { sample, short }) {
  const decimals = short && minor % 10 ** exponent === 0 ? 0 : exponent;
  const figures = new Intl.NumberFormat(document.documentElement.lang, {
    minimumFractionDigits: decimals, maximumFractionDigits: decimals,
  }).format(minor / 10 ** exponent);
  return sample.replace(/\d(?:[\d.,\s\u00a0\u202f]*\d)?/, figures);
}

/** Keeps contribution, fee, total and the button's words in step with the amount field of one fund form. */
function followAmount(form) {
  const { percent, fixed, currencyExponent } = form.dataset;
  const exponent = Number(currencyExponent);
  const unit = exponent === 3 ? 10 : 1; // such currencies move in tens
  const input = form.querySelector("[data-quote-amount]");
  const chips = form.querySelectorAll("[data-amount]");
  const spots = [...form.querySelectorAll("[data-line]")]
    .map((spot) => ({ spot, sample: spot.dataset.sample, short: "short" in spot.dataset }));

  const country = form.querySelector("[data-vat-country]");
  const rates = JSON.parse(form.dataset.vatRates ?? "{}");

  /** The tax on the fee, in hundredths of a percent; what the form shows is sent with it. */
  function rate() {
    const found = country ? rates[country.value] ?? 0 : 0;
    for (const spot of form.querySelectorAll("[data-vat-shown]")) spot.textContent = `${found / 100} % VAT`;
    if (country) form.elements.shown_rate.value = found;
    return found;
  }

  /** What is named as kept at a late withdrawal: the expected processing cost, at most the fee. */
  function keptCost(total, fee) {
    const { costPercent, costFixed } = form.dataset;
    const cost = Math.ceil(total * Math.round(Number(costPercent ?? 0) * 100) / 10000) + Number(costFixed ?? 0);
    return Math.min(Math.floor(cost / unit) * unit, fee);
  }

  function refresh() {
    const amount = minorUnits(input.value, exponent);
    for (const chip of chips) chip.setAttribute("aria-pressed", minorUnits(chip.dataset.amount, exponent) === amount);
    if (!amount) {
      for (const { spot } of spots) spot.textContent = "…";
      return;
    }
    const basisPoints = Math.round(Number(percent) * 100);
    const net = Math.floor((amount / unit * basisPoints + 5000) / 10000) * unit + Number(fixed);
    const withTax = (sum) => sum + Math.floor((sum / unit * rate() + 5000) / 10000) * unit;
    const total = amount + withTax(net);
    const values = { amount, fee: withTax(net), total, kept: withTax(keptCost(total, net)) };
    if (form.elements.shown_kept) form.elements.shown_kept.value = values.kept;
    for (const place of spots) place.spot.textContent = written(values[place.spot.dataset.line], exponent, place);
  }

  if (!input) return;
  input.addEventListener("input", refresh);
  country?.addEventListener("change", refresh);
  for (const chip of chips) {
    chip.setAttribute("role", "button");
    chip.removeAttribute("aria-current");
    chip.addEventListener("keydown", (event) => { if (event.key === " ") { event.preventDefault(); chip.click(); } });
    chip.addEventListener("click", (event) => {
      event.preventDefault();
      input.value = chip.dataset.amount;
      refresh();
    });
  }
  refresh();
}

guardSubmits();
showCopyButtons();
document.querySelectorAll("form[data-quote]").forEach(followAmount);
(document.querySelector("[data-errors]") ?? document.querySelector("#messages .notice"))?.focus();
