// Days as they are said: with the weekday this year, with the year in any other.
import { day, fullDay, today } from "../kernel/dates.js";

/** `3月12日(周四)`; a day of another year carries its year: `2027年1月9日`. */
export const dated = (iso) => (iso.slice(0, 4) === today().slice(0, 4) ? day(iso) : fullDay(iso));
