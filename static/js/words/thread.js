// Chinese of the mail with a customer.
import { words } from "../kernel/words.js";

words({
  "Mail with them": "往来邮件",
  "Mail to {address} came back: ask for the right address.": "发往 {address} 的邮件被退回：请问到正确的邮箱。",
  "Show all {n} mails": "显示全部 {n} 封",
  "Sender unknown": "发件人不明",
  "To {who}": "发往 {who}",
  "Files, to be opened at the office: {names}": "附件（在办公室打开）：{names}",
  ", ": "、",
  "See what it would send": "预览要发的内容",
  "It would be held back now:": "现在发会被拦下：",
  "With an attachment": "带附件",
  "No connection just now: what you see above is sent with the whole account under it.": "现在没有网络：上面的正文会连同全部欠款明细一起发出。",
});
