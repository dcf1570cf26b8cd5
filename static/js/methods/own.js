// A plugin's own screen: an ES module of its static files, drawn with the app's own vdom. What goes wrong in it costs only itself:
// the standard form stands in its place, with everything that was typed.
import { Component, html, useEffect, useMemo, useRef, useSignal, useState } from "../kernel/ui.js";
import { locale, pick, t } from "../kernel/words.js";
import { day, today } from "../kernel/dates.js";
import { guard } from "../kernel/guard.js";
import { money } from "../kernel/money.js";
import { shown } from "./check.js";
import "../words/methods.js";

/** Milliseconds a module may take to be there. */
const WAIT = 8000;

const whyWords = (why) => ({
  import: t("The screen of this method could not be loaded."), slow: t("The screen of this method did not come in time."), empty: t("The screen of this method has nothing to draw."),
  draw: t("The screen of this method failed while it was drawn."), answers: t("The screen of this method gave answers that cannot be read."),
  stuck: t("The screen of this method did not come back last time."),
}[why]);

/** `[module, failed, again]`: what draws the screen, or why it does not: `{why, detail}`. */
function useModule(path) {
  const [drawn, setDrawn] = useState(null);
  const [failed, setFailed] = useState(() => (guard.stuck(path) ? { why: "stuck" } : null));
  useEffect(() => {
    if (failed) {
      guard.leave(path);
      return undefined;
    }
    let here = true;
    const fail = (why, detail = "") => here && setFailed({ why, detail: String(detail).slice(0, 200) });
    guard.enter(path);
    const timer = setTimeout(() => fail("slow"), WAIT);
    import(path).then((module) => here && (typeof module.default === "function" ? setDrawn(() => module.default) : fail("empty")), (error) => fail("import", error)).finally(() => clearTimeout(timer));
    // a page put away may be ended by the platform: only one in sight can be stuck
    const seen = () => (document.hidden ? guard.leave(path) : guard.enter(path));
    document.addEventListener("visibilitychange", seen);
    addEventListener("pagehide", seen);
    return () => {
      here = false;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", seen);
      removeEventListener("pagehide", seen);
      guard.leave(path);
    };
  }, [path, failed]);
  return [drawn, failed, setFailed];
}

/** What is drawn in it may throw: `onError` is told, and nothing of it stays. */
class Fence extends Component {
  componentDidCatch(error) {
    this.setState({ failed: true }); // else the error goes on upwards, and takes the page along
    this.props.onError(error);
  }
  render() {
    return this.state.failed ? null : this.props.children;
  }
}

const copy = (value) => JSON.parse(JSON.stringify(value ?? null));
const isPlain = (one) => Boolean(one) && typeof one === "object" && [Object.prototype, null].includes(Object.getPrototypeOf(one));

export default function Own({ form, customer, draft, set, ask, submit, problems, standard }) {
  const [Drawn, failed, setFailed] = useModule(form.screen);
  const asked = useMemo(() => copy(form), [form.version]);
  const whose = useMemo(() => copy(customer), [customer.id, customer.rev]);
  const Ask = ({ name }) => shown(form.fields, draft.values).filter((one) => one.name === name).map(ask);
  // one and the same component at every drawing, else a question would lose its focus; told by a signal that there is more to draw
  const now = useSignal(null);
  now.value = Ask;
  const [AskOnce] = useState(() => (props) => now.value(props));
  if (failed) return html`<div class="band wait" role="status"><p>${whyWords(failed.why)} ${t("Here is the standard form; nothing you typed is lost.")}</p>
      ${failed.detail && html`<p class="sub">${failed.detail}</p>`}
      <button type="button" class="link" onClick=${() => setFailed(null)}>${t("Try its screen again")}</button></div>${standard}`;
  if (!Drawn) return html`<p class="sub" role="status">${t("Opening what is on this phone")}</p>`;
  const keep = (answers) => {
    if (answers === undefined || answers instanceof Event) return submit();
    if (!isPlain(answers)) return setFailed({ why: "answers" });
    const values = { ...draft.values, ...copy(answers) };
    for (const [name, value] of Object.entries(copy(answers))) set(name, value);
    return submit(values);
  };
  const given = { html, useState, useEffect, useMemo, useRef, form: asked, customer: whose, values: { ...draft.values }, set: (name, value) => set(String(name), copy(value)), save: keep, Ask: AskOnce,
    t: (zh, en) => pick({ zh, en }), lang: locale.value, money, day, today };
  const wrong = form.fields.filter((one) => Object.keys(problems).some((place) => place.split(".")[0] === one.name));
  return html`<${Fence} onError=${(error) => setFailed({ why: "draw", detail: String(error?.message ?? error).slice(0, 200) })}><${Drawn} ...${given} /><//>
    ${wrong.length > 0 && html`<p class="err" role="alert">${t("Please look again at: {names}", { names: wrong.map((one) => pick(one.labels)).join("、") })}</p>`}`;
}
