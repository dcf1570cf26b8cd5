// Where the phone is. Never a condition of saving.

/** @returns {Promise<{place: {lat: string, lon: string, accuracy_m: number, at: string} | null, note: string}>} */
export function whereAmI({ timeout = 15000 } = {}) {
  return new Promise((resolve) => {
    if (!navigator.geolocation) return resolve({ place: null, note: "unavailable" });
    navigator.geolocation.getCurrentPosition(
      ({ coords, timestamp }) =>
        resolve({
          place: {
            lat: coords.latitude.toFixed(6),
            lon: coords.longitude.toFixed(6),
            accuracy_m: Math.min(Math.round(coords.accuracy), 1_000_000),
            at: new Date(timestamp).toISOString(),
          },
          note: "",
        }),
      (error) => resolve({ place: null, note: ["", "refused", "unavailable", "timeout"][error.code] || "unavailable" }),
      // an old fix was accepted elsewhere as today's place (frappe/hrms#1899)
      { maximumAge: 0, enableHighAccuracy: true, timeout },
    );
  });
}

/** Metres between two points (haversine, mean radius 6371 km). */
export function distance(lat1, lon1, lat2, lon2) {
  const rad = Math.PI / 180;
  const half = (degrees) => Math.sin((degrees * rad) / 2) ** 2;
  const a = half(lat2 - lat1) + Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * half(lon2 - lon1);
  return 12_742_000 * Math.asin(Math.sqrt(a));
}
