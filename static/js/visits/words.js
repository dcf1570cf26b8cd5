// The trade's words for visits: purposes and outcomes, in the order they are offered.
import { t } from "../kernel/words.js";

export const purposes = () => [
  ["collect", t("Collection")], ["return_visit", t("Return visit")], ["delivery", t("Delivery")], ["complaint", t("Complaint")],
];

export const outcomes = () => [
  ["paid", t("Paid")], ["promised", t("Promised")], ["oral_only", t("Agreed, will not sign")], ["absent", t("Person in charge absent")],
  ["set_off_asked", t("Return or rebate to set off")], ["account_differs", t("Accounts differ")], ["refused", t("Refused")], ["not_discussed", t("Payment not discussed")],
];

export const wordsOf = (options, code) => (options.find(([one]) => one === code) || [code, code])[1];
