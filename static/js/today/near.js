// How far customers are: from where the phone is, if it may know without asking; a check-in tells it too.
import { signal } from "../kernel/ui.js";

/** The last place this session knows: {lat, lon} as decimal strings, or null. */
export const here = signal(null);

/** Looks once, and only where the person has already allowed it: opening the list asks for nothing. */
export async function lookAround() {
  if (here.value) return;
  try {
    const { state } = await navigator.permissions.query({ name: "geolocation" });
    if (state !== "granted") return;
    const { whereAmI } = await import("../kernel/place.js");
    here.value = (await whereAmI({ timeout: 8000 })).place;
  } catch {
    // no such question on this browser: the list stands without distances
  }
}

const RADIUS_M = 6_371_000;

/** Metres to a customer along the ground (equirectangular: exact enough within a day's round), or null. */
export function metresTo({ lat, lon }) {
  if (!here.value || !lat || !lon) return null;
  const rad = Math.PI / 180;
  const x = (lon - here.value.lon) * Math.cos(((Number(lat) + Number(here.value.lat)) / 2) * rad);
  return Math.hypot(x, lat - here.value.lat) * rad * RADIUS_M;
}
