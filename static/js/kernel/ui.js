// Drawing: preact, htm and signals under one roof.
import { Component, Fragment, h, render } from "../../vendor/preact.js";
import htm from "../../vendor/htm.js";

export { useCallback, useEffect, useMemo, useRef, useState } from "../../vendor/hooks.js";
export { batch, computed, effect, signal, useComputed, useSignal } from "../../vendor/signals.js";
export { Component, Fragment, render };
export const html = htm.bind(h);
