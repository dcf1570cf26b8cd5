// What was asked, quoted and put aside here and is not answered yet, in its place on the customer.
import { overlay } from "../kernel/docs.js";

const at = (apply) => ({ kind: "customer", id: (payload) => payload.customer_id, apply });
const table = (doc, part) => ({ ...doc, table: { ...doc.table, ...part } });

overlay("collection.record_ask", at((doc, payload, command) => {
  const { ask_id: id, customer_id, ...rest } = payload;
  const others = (doc.table?.history || []).filter((one) => one.id !== id);
  return table(doc, { history: [{ id, by: "", at: command.made_at, ...rest, pending: true }, ...others] });
}));

overlay("collection.quote_promotion", at((doc, { quote_id: id, promotion_id }, command) => {
  const others = (doc.table?.quotes || []).filter((one) => one.id !== id);
  return table(doc, { quotes: [{ id, promotion_id, name: "", by: "", at: command.made_at, pending: true }, ...others] });
}));

overlay("collection.add_task", at((doc, { task_id: id, kind, title, due_on }) => {
  const others = (doc.tasks || []).filter((one) => one.id !== id);
  return { ...doc, tasks: [...others, { id, kind, title, title_zh: title, title_en: title, due_on, pending: true }] };
}));
