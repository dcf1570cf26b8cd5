// Chinese of records that can no longer be read.
import { words } from "../kernel/words.js";

words({
  "Damaged on this phone": "本机损坏的记录",
  "These records were saved here and not yet sent, and the phone's storage no longer gives them back. All others go on. Please write them again.": "这些记录已保存、尚未发送，但手机存储已读不出来。其他记录照常发送。请重新填写这些记录。",
  "A record": "一条记录",
  "I wrote it again": "已重新填写",
  "Yes, take it off": "确认移除",
});
