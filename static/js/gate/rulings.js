// The rules of contacting one customer: what is free now, a stop recorded in one tap, who may be asked about money.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { when } from "../kernel/dates.js";
import { uuid7 } from "../kernel/ids.js";
import { save } from "../kernel/outbox.js";
import { Section, Top } from "../parts/page.js";
import { ProseField, SelectField } from "../parts/fields.js";
import { useKeptText } from "../parts/draft.js";
import { Saved, saveTrouble, saySaved } from "../parts/saved.js";
import { verdict } from "./keeper.js";
import { channels, codeWords, noteWords, standings, stopKinds } from "./words.js";

export default function Rulings({ customer }) {
  const { gate, contacts = [] } = customer;
  return html`<main class="page">
    <${Top} title=${t("May they be contacted?")} small=${customer.name} />
    <${Saved} />
    <${Now} customer=${customer} />
    <${Stops} customer=${customer} />
    ${contacts.length > 0 && html`<${Section} id="people" title=${t("Who may be asked about money")}>
      ${contacts.map((one) => html`<${Standing} key=${one.id} customer=${customer} one=${one} now=${gate?.people[one.id] || "permitted"} />`)}
      <p class="sub">${t("Only their own people are asked for money. To take a mark off is for the manager or legal.")}</p><//>`}
  </main>`;
}

function Now({ customer }) {
  const { gate } = customer;
  const words = codeWords(gate);
  return html`<${Section} id="now" title=${t("Now, for asking for money")}>
    <ul class="list">${channels().map(([channel, name]) => {
      const found = verdict(customer.id, { channel });
      const why = found.ok ? found.notes.map((note) => noteWords()[note]).join(" · ") : found.codes.map((code) => words[code]).join("；");
      return html`<li class="row" key=${channel}><span><span class="name">${name}</span>${why && html`<br /><span class="sub">${why}</span>`}
          ${found.until && html`<br /><span class="sub">${t("Free from {at}", { at: when(found.until) })}</span>`}</span>
        <span class=${`tag ${found.ok ? "good" : "alert"}`}>${found.ok ? t("Free") : t("Not now")}</span></li>`;
    })}</ul>
    ${gate && html`<p class="sub">${[t("Hours {from}:00–{to}:00 there ({zone})", { from: gate.from_hour, to: gate.to_hour, zone: gate.zone }),
      gate.calls_per_day && t("conversations a day: {n}", { n: gate.calls_per_day }), gate.demands_per_week && t("demands in seven days: {n}", { n: gate.demands_per_week })].filter(Boolean).join(" · ")}</p>`}
  <//>`;
}

function Stops({ customer }) {
  const key = `stop/${customer.id}`;
  const [words, setWords] = useKeptText(key, "");
  const [trouble, setTrouble] = useState("");
  const stops = customer.gate?.stops || [];
  const names = Object.fromEntries(stopKinds());
  const record = async (kind) => {
    try {
      const stop_id = uuid7();
      const { command_id } = await save({ operation: "collection.record_stop", payload: { stop_id, customer_id: customer.id, kind, words }, entity_id: stop_id, draft: key });
      setWords("");
      saySaved(t("Stop recorded"), command_id);
    } catch (error) {
      setTrouble(saveTrouble(error));
    }
  };
  return html`<${Section} id="stops" title=${t("They objected?")}>
    ${stops.map((one) => html`<p class="band alert" key=${one.id}><b>${names[one.kind]}</b> ${[one.words, when(one.at), one.by].filter(Boolean).join(" · ")}</p>`)}
    <p class="sub">${t("One tap stops everybody's calls, messages and visits about money; manager and legal are told. Leave at once when asked to.")}</p>
    <${ProseField} label=${t("Their exact words, if you like")} value=${words} onInput=${setWords} max=${1000} />
    <div class="stack">${stopKinds().filter(([kind]) => !stops.some((one) => one.kind === kind)).map(([kind, name]) => html`<button type="button" class="btn warn" key=${kind} onClick=${() => record(kind)}>${name}</button>`)}</div>
    ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
  <//>`;
}

function Standing({ customer, one, now }) {
  const [trouble, setTrouble] = useState("");
  const mark = async (standing) => {
    try {
      const standing_id = uuid7();
      const { command_id } = await save({ operation: "collection.set_standing", payload: { standing_id, customer_id: customer.id, contact_id: one.id, standing }, entity_id: standing_id });
      saySaved(one.name, command_id);
      setTrouble("");
    } catch (error) {
      setTrouble(saveTrouble(error));
    }
  };
  return html`<${SelectField} label=${[one.name, one.role].filter(Boolean).join(" · ")} value=${now} options=${standings()} onInput=${mark} />
    ${trouble && html`<p class="err" role="alert">${trouble}</p>`}`;
}
