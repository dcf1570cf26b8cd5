// Chinese of what plugins show: panels on a customer, cards of the day.
import { words } from "../kernel/words.js";

words({
  "{n} left": "还有 {n} 户",
  "All done": "都办完了",
  "Everybody on this list is done for today.": "今天这张单子上的都办完了。",
  "See all {n}": "看全部 {n} 户",
  "Next: {name}": "下一户：{name}",
  "Open customer": "看客户",
  "Not now": "暂不联系",
  "Done": "已办",
  "This list is not on the phone": "手机上没有这张单子",
  "It comes with the next connection, or its plugin was taken out.": "联网后会有；也可能这个插件已停用。",
  "Figures of {title}": "{title}的明细",
});
