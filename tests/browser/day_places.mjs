// What the modules about places say, as JSON: tests/browser/test_day_near.py reads it.
import { readFileSync } from "node:fs";
import { bdToGcj, fromBd, fromGcj, gcjToBd, isShifted, toBd, toGcj } from "../../static/js/parts/datum.js";
import { mapApps } from "../../static/js/parts/mapapps.js";
import { byDistrict, districtOf } from "../../static/js/today/order.js";

const pairs = JSON.parse(readFileSync(new URL("fixtures/datum_pairs.json", import.meta.url)));
const at = ([lat, lon]) => ({ lat, lon });
const flat = ({ lat, lon }) => [lat, lon];
const grid = [];
for (let lat = 19; lat < 53; lat += 1.7) for (let lon = 74; lon < 134; lon += 2.3) if (isShifted({ lat, lon })) grid.push({ lat, lon });
const datum = {
  gcj: pairs.wgs_gcj.map(([from]) => flat(toGcj(at(from)))),
  bd: pairs.gcj_bd.map(([from]) => flat(gcjToBd(at(from)))),
  back: pairs.bd_gcj_near.map(([from]) => flat(bdToGcj(at(from)))),
  round: grid.map((place) => [flat(place), flat(fromGcj(toGcj(place))), flat(fromBd(toBd(place))), flat(toGcj(place))]),
  outside: pairs.outside.map(([name, lat, lon]) => [name, isShifted({ lat, lon }), flat(toGcj({ lat, lon }))]),
};
const harbour = { name: "海港五金 (老店)", address: "宁波市海港路1号", lat: "29.868300", lon: "121.544000" };
const apps = {
  android: mapApps(harbour, "Mozilla/5.0 (Linux; Android 14)"), ios: mapApps(harbour, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0)"), desk: mapApps(harbour, "X11"),
  words: mapApps({ ...harbour, lat: null }, "Mozilla/5.0 (Linux; Android 14)"), nothing: mapApps({ name: "无", lat: "x", lon: "" }, ""),
  abroad: mapApps({ ...harbour, lat: "51.5074", lon: "-0.1278" }, "Mozilla/5.0 (Linux; Android 14)"),
};
const names = ["宁波市江北区人民路18号", "浙江省宁波市鄞州区东钱湖镇", "上海市浦东新区张江路1号", "宁波市海港路1号", "慈溪市周巷镇环城路", "内蒙古自治区赤峰市红山区", "", "12 High Street, Leeds, LS1 4AP"];
const customers = [["a", "宁波市江北区甲", 5], ["b", "宁波市海曙区乙", 9], ["c", "", 99], ["d", "宁波市江北区丙", 3]].map(([id, address, overdue_minor]) => ({ id, name: id, address, overdue_minor }));
const order = { districts: names.map(districtOf), groups: byDistrict(customers, "江北区").map((one) => [one.name, one.rows.map((row) => row.customer.id)]) };
console.log(JSON.stringify({ datum, apps, order }));
