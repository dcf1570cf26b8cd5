// The twin of collection/solvency.py `judge`: how grave what is seen is, told on the phone at once. The list of signs,
// their weights and limits come from the office (settings.watch); nothing of the policy stands here. Pure.

const days = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / 86400000);

/** `seen`: [{on, signs}] of what is open at the office; `now`: the signs ticked here. Gives {level, score, signs}. */
export function judge(policy, seen, now, today) {
  const known = new Map((policy?.signs || []).map((sign) => [sign.code, sign]));
  const newest = new Map();
  for (const { on, signs } of [...(seen || []), { on: today, signs: now }])
    for (const code of signs)
      if (known.has(code) && days(on, today) <= policy.remembered_days && !(newest.get(code) > on)) newest.set(code, on);
  let halves = 0;
  for (const [code, on] of newest) halves += known.get(code).weight * (days(on, today) <= policy.fresh_days ? 2 : 1);
  const score = Math.floor(halves / 2);
  const alone = [...newest.keys()].some((code) => known.get(code).alone);
  const level = alone || score >= policy.red ? "red" : score >= policy.amber ? "amber" : "";
  const signs = [...newest.keys()].sort((a, b) => known.get(b).weight - known.get(a).weight || (a < b ? -1 : 1));
  return { level, score, signs };
}
