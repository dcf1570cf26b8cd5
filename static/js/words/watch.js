// Chinese of what one saw on site, and of the dossier's part on law and supply.
import { words } from "../kernel/words.js";

words({
  "What you saw": "现场观察",
  "nothing unusual": "没有异常",
  "{n} ticked": "已勾选 {n} 项",
  "Signs of trouble (tick only what you saw yourself)": "异常迹象（只勾选亲眼看到的）",
  "What exactly, and who told you": "具体情况，听谁说的",
  "Photograph the sign": "拍下来",
  "Only from where anybody may stand: no private rooms, no people's faces.": "只在公共场所拍：不拍私人房间，不拍人脸。",
  "Red: finance and legal are told as soon as this is sent. Do not promise new deliveries; tell your manager today.": "红色预警：一送达就通知财务和法务。不要答应再送货，今天告诉主管。",
  "Amber: come back within a week and look at the same things.": "黄色：一周内再来一次，看同样的地方。",
  "Supply and claims": "供货与债权",
  "Red alert": "红色预警",
  "Amber alert": "黄色预警",
  ", ": "、",
  "Condition fulfilled: the manager decides": "条件已达到：等主管决定",
  "Limitation of {number}": "{number} 的诉讼时效",
  "each by itself {each} · from the last instalment {last}": "每期单独计算 {each} · 按最后一期 {last}",
});
