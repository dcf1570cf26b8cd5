// What a command is called, where it stands and what to do about it, in words.
import "../words/truth.js";
import { t } from "../kernel/words.js";

export const operationWords = (operation) => ({
  "visits.log_visit": t("Visit"), "visits.add_note": t("Note"), "visits.add_lead": t("Lead"), "promises.make_promise": t("Promise to pay"), "plans.sign_plan": t("Repayment plan"),
  "plans.attach_stamped_copy": t("Photo of the stamped copy"), "statements.sign_statement": t("Statement of account"), "receivables.register_receipt": t("Receipt for money"),
  "receivables.hand_in_cash": t("Cash handed in"), "receivables.attach_paper": t("Paper for an invoice"), "disputes.open_dispute": t("Request to the manager"),
  "customers.add_contact": t("New contact"), "customers.change_contact": t("Contact changed"), "customers.remove_contact": t("Contact taken out"),
  "collection.send_document": t("Mail to the customer"), "collection.take_action": t("Way of asking"), "collection.verify_claim": t("What was found"), "collection.note_sign": t("How they behave"), "collection.finish_task": t("Task done"), "collection.skip_task": t("Task skipped"),
  "collection.decline_step": t("Suggestion declined"), "collection.ask_step": t("Question to the manager"),
  "collection.record_stop": t("Stop: not to be contacted"), "collection.ask_leave": t("Leave asked of the manager"), "collection.set_standing": t("Who may be asked about money"), "collection.note_contact": t("Message sent"),
  "collection.report_signs": t("Signs of trouble seen"), "plans.withdraw_link": t("Signing link taken back"), "promises.add_evidence": t("Reply or proof"), "promises.note_no_promise": t("No promise"),
  "receivables.request_set_off": t("Set-off request"), "targets.write_plan": t("What was talked over"), "targets.publish_plan": t("The month's plan"), "targets.propose_target": t("Proposed numbers"),
  "targets.add_step": t("Step"), "targets.finish_step": t("Step done"), "targets.support_promise": t("Support of a promise"), "targets.note_pay_days": t("Pay days"), "targets.note_rival": t("Other supplier"),
  "targets.write_potential": t("What they can pay"), "targets.check_health": t("Basic work"),
  "collection.record_ask": t("Ask and answer"), "collection.add_task": t("New task"), "collection.quote_promotion": t("Policy quoted"), "collection.log_disclosure": t("Account shown to the customer"),
}[operation] || operation);

export const stateWords = (state) => ({
  waiting: t("Not tried yet"), sent: t("Sent, no answer yet; it will be asked again"), held: t("At the office, waiting"), rejected: t("Not accepted"),
  conflict: t("Accepted; the office's value stands"), photos: t("Accepted; photos still going up"),
}[state] || state);

/** What the person has to do about it, or that there is nothing to do. */
export function adviceWords({ state, code }) {
  if (state === "waiting") return t("Nothing to do: it goes by itself with the next connection.");
  if (state === "sent") return t("Nothing to do: it is asked again under the same number and counts once.");
  if (state === "photos") return t("Nothing to do: keep the app open for a while on a good network.");
  if (state === "conflict") return t("Read what stands now. If yours is right, tell your manager or change it once more.");
  if (state === "held") return code === "needs_missing" ? t("Nothing to do: it waits for a record that comes before it, and counts as soon as that has come.") : t("The office has it and sees why it waits. You can ask again; nothing is lost.");
  if (code.startsWith("photo_")) return t("The record counts; only this photo could not be taken. Take it again if it matters.");
  return t("The words are kept. Look at the reason, write the record anew with it put right, then tap Read.");
}

export const resultWords = (status) => ({
  applied: [t("Accepted"), "good"], conflict: [t("Accepted; the office's value stands"), "wait"], rejected: [t("Not accepted, read"), "alert"], discarded: [t("Thrown away"), ""],
}[status] || [status, ""]);
