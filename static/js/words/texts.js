// Chinese of the texts a method drafts.
import { words } from "../kernel/words.js";

words({
  "This must not be sent:": "这些话不能发出：",
  "Copy": "复制",
  "Opened in text messages. Send it there, then save here.": "已在短信里打开。发出后回到这里保存。",
});
