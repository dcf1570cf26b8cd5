// Opened inside a chat or payment app: which one, and how to get out of it.

/** Order matters: WeCom calls itself MicroMessenger, too. */
const APPS = [
  ["wecom", /wxwork/i], ["wechat", /MicroMessenger/i], ["dingtalk", /DingTalk/i], ["feishu", /\b(Feishu|Lark)\b/i],
  ["alipay", /AlipayClient/i], ["qq", /\bQQ\/[\d.]+/i], ["weibo", /\bWeibo\b/i], ["douyin", /\b(aweme|BytedanceWebview)\b/i],
];

/** The app whose browser this is, or "". @param {string} agent */
export const insideOf = (agent) => APPS.find(([, mark]) => mark.test(agent))?.[0] ?? "";

/** Whether this is an iPhone or iPad: their way out is called otherwise. @param {string} agent */
export const isApple = (agent) => /iPhone|iPad|iPod/.test(agent);
