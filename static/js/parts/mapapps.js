// Links that open a place in a map app: parameters of an address, nothing is fetched. Pure.
import { isShifted, toBd, toGcj } from "./datum.js";

const text = ({ lat, lon }, joint = ",") => `${lat.toFixed(6)}${joint}${lon.toFixed(6)}`;

/** What is known of a customer's place: `{lat, lon}` as numbers, or null. */
export function placeOf({ lat, lon }) {
  const place = { lat: Number(lat), lon: Number(lon) };
  return lat && lon && Number.isFinite(place.lat) && Number.isFinite(place.lon) ? place : null;
}

/** Which phone this is: "ios", "android" or "". */
export const kindOf = (agent) => (/iPhone|iPad|iPod/.test(agent) ? "ios" : /Android/.test(agent) ? "android" : "");

function amap(there, name, kind) {
  const gcj = toGcj(there);
  const web = `https://uri.amap.com/marker?position=${gcj.lon.toFixed(6)},${gcj.lat.toFixed(6)}&name=${name}&src=fieldsales&coordinate=gaode&callnative=1`;
  const scheme = { android: "androidamap", ios: "iosamap" }[kind];
  const app = scheme && `${scheme}://viewMap?sourceApplication=fieldsales&poiname=${name}&lat=${gcj.lat.toFixed(6)}&lon=${gcj.lon.toFixed(6)}&dev=0`;
  return { code: "amap", app, web };
}

function baidu(there, name, kind) {
  const shifted = isShifted(there);
  const place = `location=${text(shifted ? toBd(there) : there)}&title=${name}&content=${name}&coord_type=${shifted ? "bd09ll" : "wgs84"}&src=fieldsales`;
  return { code: "baidu", app: kind ? `baidumap://map/marker?${place}` : "", web: `https://api.map.baidu.com/marker?${place}&output=html` };
}

/** Map apps for a customer with a known place, the likeliest first. `app` works without a network, `web` needs one. */
export function mapApps(customer, agent = "") {
  const there = placeOf(customer);
  const kind = kindOf(agent);
  const name = encodeURIComponent(customer.name);
  const address = encodeURIComponent(customer.address || "");
  if (!there) {
    if (!address) return [];
    return [
      { code: "amap", app: "", web: `https://uri.amap.com/search?keyword=${address}&src=fieldsales&callnative=1` },
      { code: "baidu", app: kind ? `baidumap://map/geocoder?address=${address}&src=fieldsales` : "", web: `https://api.map.baidu.com/geocoder?address=${address}&output=html&src=fieldsales` },
      { code: "any", app: `geo:0,0?q=${address}`, web: "" },
    ];
  }
  const gcj = text(toGcj(there));
  return [
    amap(there, name, kind),
    baidu(there, name, kind),
    { code: "apple", app: "", web: `https://maps.apple.com/?ll=${gcj}&q=${name}` },
    { code: "google", app: "", web: `https://www.google.com/maps/search/?api=1&query=${gcj}` },
    { code: "any", app: `geo:${text(there)}?q=${text(there)}(${name})`, web: "" },
  ];
}
