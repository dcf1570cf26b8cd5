// Chinese of the plugins' forms (their own words they bring themselves).
import { words } from "../kernel/words.js";
import "./forms.js";

words({
  "Ways of asking": "催收方式",
  "This form is not on the phone": "本机没有这张表单",
  "Its plugin may have been taken out. Log a note instead; nothing is lost.": "相应的插件可能已经取消。可以先记备注，内容不会丢。",
  "How did the call with {name} go?": "和{name}通话的结果如何？",
  "This is too little.": "太少了。",
  "This is too much.": "太多了。",
  "This cannot be read. Please look at it again.": "格式不对，请再看一下。",
  "Write a whole number.": "请写整数。",
  "Write a mail": "写邮件",
});
