// What was answered to a step on this phone, shown at once: declined gives the next one, a contact ends it until the office answers.
import { overlay } from "../kernel/docs.js";

const isOf = (step, payload) => step && step.kind === payload.step && step.method === payload.method;
const declined = (step, payload) => (isOf(step, payload) ? step.instead ?? { ...step, done: true } : step);
const asked = (step, payload) => (step?.method === payload.method ? { ...step, done: true } : step);
const over = (step) => (step ? { ...step, done: true } : step);
const theirs = (payload) => payload.customer_id;

/** The same change on the customer and on today's list. */
function both(operation, change, id = theirs) {
  overlay(operation, { kind: "customer", id, apply: (doc, payload) => ({ ...doc, next_step: change(doc.next_step, payload) }) });
  overlay(operation, { kind: "today", id: () => "today", apply: (doc, payload) => ({
    ...doc, items: doc.items.map((item) => (item.customer_id === id(payload) && item.step ? { ...item, step: change(item.step, payload) } : item)) }) });
}

both("collection.decline_step", declined);
both("collection.ask_step", asked);
for (const operation of ["visits.log_visit", "collection.take_action", "promises.make_promise"]) both(operation, over);
