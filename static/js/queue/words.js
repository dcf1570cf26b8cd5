// What a command is called, and where it stands, in words.
import { t } from "../kernel/words.js";

export const operationWords = (operation) => ({
  "visits.log_visit": t("Visit"), "visits.add_note": t("Note"), "promises.make_promise": t("Promise to pay"), "plans.sign_plan": t("Repayment plan"),
  "plans.attach_stamped_copy": t("Photo of the stamped copy"), "statements.sign_statement": t("Statement of account"), "receivables.register_receipt": t("Receipt for money"),
  "receivables.hand_in_cash": t("Cash handed in"), "receivables.attach_paper": t("Paper for an invoice"), "disputes.open_dispute": t("Request to the manager"),
  "customers.add_contact": t("New contact"), "collection.send_document": t("Mail to the customer"), "collection.take_action": t("Way of asking"), "collection.finish_task": t("Task done"),
}[operation] || operation);

export const stateWords = (state) => ({
  waiting: t("Not tried yet"), sent: t("Sent, no answer yet; it will be asked again"), held: t("At the office, waiting"), rejected: t("Not accepted"),
  conflict: t("Accepted; the office's value stands"), photos: t("Accepted; photos still going up"),
}[state] || state);
