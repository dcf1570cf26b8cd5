// Chinese of today's further screens: near here, calls, skipping.
import { words } from "../kernel/words.js";

words({
  "A call without an outcome": "还没记结果的电话",
  "Called {name} at {time}. How did it go?": "{time} 给 {name} 打过电话，结果如何？",
  "Write it down": "记结果",
  "Not reached, put aside": "没打通，不记",
  "Customers near here": "附近的客户",
  "Near here": "附近",
  "Look again": "重新定位",
  "Looking for the place": "正在定位",
  "Sorted by distance from here, fixed at {time}, accurate to {n} m.": "按离这里的远近排列，{time} 定位，精度 {n} 米。",
  "The phone does not share its place. Sorted by district instead.": "手机没有提供位置，改按区域排列。",
  "No place could be found. Sorted by district instead.": "没有定到位置，改按区域排列。",
  "Finding the place took too long. Sorted by district instead.": "定位时间太长，改按区域排列。",
  "Begin with the district": "从哪个区域看起",
  "No district in the address": "地址里没有写区域",
  "Place not on record": "没有位置记录",
  "Only those who owe": "只看有欠款的",
  "Nobody owes anything": "没有欠款的客户",
  "Every open invoice is paid.": "所有应收单都已结清。",
  "seen today": "今天去过",
});
