// Whether a promise repeats a signed plan's instalment: the same money then counts for both, else only once.

/** The plan whose unpaid instalments fall due by the promised day: what was promised is most likely their money. */
export function planOf(customer, due_on) {
  const waits = (one) => one.kept_minor < one.amount_minor && ["open", "broken", "partly"].includes(one.state) && one.due_on <= due_on;
  return (customer.plans || []).find((plan) => ["open", "broken"].includes(plan.state) && (plan.instalments || []).some(waits)) || null;
}

/** What is sent: the rep's answer, else the plan found, else none. */
export function planIdOf(customer, value, due_on) {
  if (value.plan_id !== undefined) return value.plan_id || null;
  return planOf(customer, due_on)?.id || null;
}
