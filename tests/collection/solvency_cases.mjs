// What the phone's twin of the solvency score says of a table of cases: tests/collection/test_solvency_twin.py reads it.
import { readFileSync } from "node:fs";
import { judge } from "../../static/js/visits/solvency.js";

const { policy, cases } = JSON.parse(readFileSync(process.argv[2]));
console.log(JSON.stringify(cases.map(({ seen, now, today }) => judge(policy, seen, now, today))));
