// Numbers as links: the phone's dialler and its text messages.

const telNumber = (phone) => phone.replace(/[^\d+*#,;]/g, "");

/** A `tel:` address from a number as people write it. */
export const telLink = (phone) => `tel:${telNumber(phone)}`;

/** An `sms:` address with the words in it; works on Android and iOS. */
export const smsLink = (phone, text) => `sms:${telNumber(phone)}?&body=${encodeURIComponent(text)}`;
