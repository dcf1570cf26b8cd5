// The code on a paper carries its hash behind #, which never leaves this browser: compared here with the record's.
const facts = document.querySelector("[data-hash]");
const claimed = window.location.hash.slice(1).toLowerCase();

if (facts && /^[0-9a-f]{16}$/.test(claimed)) {
  const same = claimed === facts.dataset.hash;
  document.querySelector(same ? "[data-same]" : "[data-differs]").hidden = false;
}
