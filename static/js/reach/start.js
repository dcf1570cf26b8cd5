// How one comes into the app from outside: the home screen's shortcuts, a picture shared from another app, a chat app's browser.
import { screen } from "../kernel/router.js";

screen("start", () => import("./choose.js"));
screen("share", () => import("./slip.js"));

// what follows the queue and the platform needs no place in the first load
const rest = () => setTimeout(() => import("./platform.js").catch(() => {}), 800);
if (document.readyState === "complete") rest();
else addEventListener("load", rest, { once: true });
