// What the phone's twin of a bill's discount says of a table of cases: tests/receivables/test_discount_twin.py reads it.
import { readFileSync } from "node:fs";
import { trueValue } from "../../static/js/receipts/discount.js";

console.log(JSON.stringify(JSON.parse(readFileSync(process.argv[2])).map(({ face, on, rate, today }) => trueValue(face, on, rate, today))));
