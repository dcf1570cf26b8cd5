// The gate's codes in words, shared by the sheet before a call and the screen of rules.
import { locale, t } from "../kernel/words.js";
import "../words/gate.js";

/** Every code in words; those of plugins' rules as the dossier's section `gate` carries them. */
export const codeWords = (gate) => ({
  ...Object.fromEntries((gate?.bars || []).map((one) => [one.code, one[locale.value]])),
  objection: t("They have asked not to be contacted"), asked_to_leave: t("They have asked us to leave"), police: t("The police were called, or warned us"), no_mail: t("They want no more demands by mail"),
  third_party: t("This person is not one of their own people"), family: t("This is a relative: not to be asked for money"), refused: t("This person does not want to be contacted"), left: t("This person has left the company"),
  after_hours: t("Outside the hours of contact"), calls_today: t("The limit of calls for today is reached, counted over all of us"), calls_week: t("The limit of calls within seven days is reached"),
  after_talk: t("They were spoken to lately: some days must pass"), too_often: t("The limit of demands within seven days is reached, counted over all of us"),
  promise_open: t("An open promise covers what is overdue: no new demand meanwhile"), dispute_open: t("A dispute is open: answer it before going to law"),
});
export const noteWords = () => ({ rest_day: t("a day off there"), off_work: t("outside working hours there") });
export const stopKinds = () => [["objection", t("Do not contact us any more")], ["asked_to_leave", t("They asked me to leave")], ["police", t("The police came, or warned us")]];
export const standings = () => [["permitted", t("May be asked")], ["third_party", t("Not one of theirs")], ["family", t("A relative")], ["refused", t("Does not want it")], ["left", t("Has left")]];
export const channels = () => [["call", t("Call")], ["message", t("Message")], ["visit", t("Visit")], ["mail", t("Mail")], ["letter", t("Letter")]];
