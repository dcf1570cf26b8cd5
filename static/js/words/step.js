// Chinese of the next step and of visits on one way.
import { words } from "../kernel/words.js";

words({
  "Next step": "下一步",
  "What would change it: {what}": "什么会改变它：{what}",
  "Saved on this phone; the next suggestion comes with the connection.": "已保存在本机；联网后给出新的建议。",
  "Not this": "不这样做",
  "Ask the manager": "请示主管",
  "The manager is asked": "已请示主管",
  "Declined": "已记下不采用",
  "Why not this": "为什么不这样做",
  "Already dealt with in another way": "已用别的方式处理",
  "Not the right moment": "现在不是时候",
  "Brings nothing with this customer": "对这家没有用",
  "Another reason": "其他原因",
  "In your words, if you like": "想说就写一句",
  "Then suggested: {what}": "随后建议：{what}",
  "Decline with this reason": "按这个原因不采用",
  "On one way": "顺路一起走",
  "customers: {n}": "{n} 家",
});
