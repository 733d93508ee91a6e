// What the pages and the service worker both know of what is kept on the device.

/** The service worker puts it on a reply from its memory: when the server gave it. */
export const seenHeader = 'X-Seen-At';

/** The cache that holds what only one person may see. */
export const ownCache = 'xj-own';
