// Line icons on a grid of 24, drawn here so that no font or sprite has to be fetched.
import { html } from "../kernel/ui.js";

const PATHS = {
  today: ["M4 7h16M4 12h10M4 17h6", "M17 20l2 2 3.5-4.5"],
  people: ["M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8z", "M2 21c0-4 3-6.5 7-6.5s7 2.5 7 6.5", "M16 3.5a4 4 0 0 1 0 7.2M18 14.8c2.5.8 4 3 4 6.2"],
  plus: ["M12 5v14M5 12h14"],
  minus: ["M5 12h14"],
  promise: ["M21 12a9 9 0 1 1-4-7.5", "M8.5 11.5l3.5 3.5 9-10"],
  me: ["M12 12a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9z", "M3.5 21.5c.6-4.3 4-6.5 8.5-6.5s7.9 2.2 8.5 6.5"],
  phone: ["M5 3h4l2 5-2.5 2a13 13 0 0 0 5.5 5.5l2-2.5 5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 5a2 2 0 0 1 2-2z"],
  back: ["M15 4l-8 8 8 8"],
  turn: ["M9 5l7 7-7 7"],
  more: ["M5 12h.01M12 12h.01M19 12h.01"],
  search: ["M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14z", "M20.5 20.5L16 16"],
  camera: ["M4 8h3.5L9 5.5h6L16.5 8H20a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1z", "M12 17a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z"],
  close: ["M6 6l12 12M18 6L6 18"],
  check: ["M5 12.5l4.5 4.5L19 7"],
  pin: ["M12 22s7-6.5 7-12a7 7 0 1 0-14 0c0 5.5 7 12 7 12z", "M12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z"],
  share: ["M12 15V3M8 6.5L12 3l4 3.5", "M5 12v7a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2v-7"],
  file: ["M7 2.5h7l5 5V20a1.5 1.5 0 0 1-1.5 1.5h-10A1.5 1.5 0 0 1 6 20V4a1.5 1.5 0 0 1 1-1.5z", "M14 2.5V8h5M9 13h6M9 17h6"],
  pen: ["M3 21l1-4.5L16.5 4a2.1 2.1 0 0 1 3 3L7 19.5 3 21z", "M12 21h9"],
  wallet: ["M4 6.5h15a1.5 1.5 0 0 1 1.5 1.5v10a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 18V6A2.5 2.5 0 0 1 6 3.5h11", "M16 13h.01"],
  mail: ["M3.5 5.5h17v13h-17z", "M3.5 6.5l8.5 7 8.5-7"],
  scale: ["M12 3v18M7 21h10M5 6h14", "M5 6l-3 7a3 3 0 0 0 6 0L5 6zM19 6l-3 7a3 3 0 0 0 6 0l-3-7z"],
  note: ["M4 4h16v12l-4 4H4z", "M8 9h8M8 13h5"],
  retry: ["M20 11a8 8 0 1 0-2.3 6.5", "M20.5 5v6h-6"],
  eye: ["M2 12s3.5-6.5 10-6.5S22 12 22 12s-3.5 6.5-10 6.5S2 12 2 12z", "M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z"],
  seal: ["M12 2.5l2.4 1.8 3-.1 1 2.8 2.4 1.8-.9 2.9.9 2.9-2.4 1.8-1 2.8-3-.1L12 21.5l-2.4-1.8-3 .1-1-2.8-2.4-1.8.9-2.9-.9-2.9L5.6 7l1-2.8 3 .1z", "M8.5 12l2.5 2.5 4.5-5"],
  erase: ["M8.5 5.5h11a1.5 1.5 0 0 1 1.5 1.5v10a1.5 1.5 0 0 1-1.5 1.5h-11L2.5 12z", "M11.5 9.5l5 5M16.5 9.5l-5 5"],
  trash: ["M4 6.5h16M9 6.5V4h6v2.5M6 6.5l1 14h10l1-14"],
};

/** A decorative icon: its meaning is always in words beside it or in the button's label. */
export function Icon({ name, small = false }) {
  return html`<svg class=${small ? "ic ic-s" : "ic"} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    ${PATHS[name].map((d) => html`<path d=${d} />`)}
  </svg>`;
}
