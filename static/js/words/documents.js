// Chinese of papers and photos: showing, sharing, carrying.
import { words } from "../kernel/words.js";

words({
  "Page {n} of {of}": "第 {n} 页，共 {of} 页",
  "pages: {n}": "共 {n} 页",
  "Opening": "正在打开",
  "Whole page": "看整页",
  "Enlarge": "放大",
  "Close": "关闭",
  "Share the PDF": "分享 PDF",
  "on this phone": "已在本机",
  "The PDF is not on this phone yet. It comes with the next connection.": "PDF 还没有到本机，联网后自动下载。",
  "The other pages are not on this phone yet. They come with the next connection.": "其余页还没有到本机，联网后自动下载。",
  "This paper is not on this phone yet. It comes with the next connection.": "这份文件还没有到本机，联网后自动下载。",
  "Shared": "已分享",
  "Photos": "照片",
  "Show all {n} photos": "显示全部 {n} 张照片",
  "Photo of {day}": "{day} 的照片",
});
