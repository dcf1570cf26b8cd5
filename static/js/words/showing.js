// Chinese of what plugins show: panels on a customer, cards of the day.
import { words } from "../kernel/words.js";

words({
  "{n} left": "还有 {n} 户",
  "All done": "都办完了",
  "Everybody on this list is done for today.": "今天这张单子上的都办完了。",
  "Next: {name}": "下一户：{name}",
  "Open customer": "看客户",
  "Open the form": "填表",
  "Not now": "现在不宜",
  "Done": "完成",
  "This list is not on the phone": "手机上没有这张单子",
  "It comes with the next connection, or its plugin was taken out.": "联网后会有；也可能这个插件已停用。",
  "Visit them, as planned.": "按计划上门拜访。",
  "Plan these visits": "安排这几户拜访",
  "Planned: {n}. They stand under Today on that day.": "已安排 {n} 户，到那天在“今天”里。",
  "Whom to visit": "拜访谁",
  "On which day": "哪一天",
  "Another day": "其他日期",
  "Plan {n} visits": "安排 {n} 户",
  "Figures of {title}": "{title}的明细",
});
