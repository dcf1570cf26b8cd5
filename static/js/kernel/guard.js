// What was going on when the page stopped answering. A loop in a plugin's screen cannot be stopped from inside the page; it can be
// remembered: what was entered and never left is not entered again by itself. Written at once, and holds no word of anybody's data.
const KEY = "fieldsales.entered";

const noted = () => {
  try {
    return JSON.parse(localStorage.getItem(KEY) || "[]");
  } catch {
    return [];
  }
};
const note = (names) => localStorage.setItem(KEY, JSON.stringify(names.slice(-20)));

export const guard = {
  /** Whether it was entered and never left. @param {string} name */
  stuck: (name) => noted().includes(name),
  /** @param {string} name */
  enter: (name) => note([...noted().filter((one) => one !== name), name]),
  /** @param {string} name */
  leave: (name) => note(noted().filter((one) => one !== name)),
};
