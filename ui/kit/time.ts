// Times as people say them, always by the clock of China.
import { serverNowMs } from './clock.ts';
import { language } from './words.ts';

const zoneMs = 8 * 3600 * 1000;
const dayMs = 24 * 3600 * 1000;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

// China keeps one zone without summer time, so shifting by eight hours and reading UTC fields is exact.
function inChina(ms: number): Date {
    return new Date(ms + zoneMs);
}

function twoDigits(n: number): string {
    return String(n).padStart(2, '0');
}

/** "10 月 7 日", with the year when it is not this one. */
export function dayText(at: string | number): string {
    const date = inChina(typeof at === 'number' ? at : Date.parse(at));
    const isThisYear = date.getUTCFullYear() === inChina(serverNowMs()).getUTCFullYear();
    if (language.value === 'en') {
        const day = `${date.getUTCDate()} ${months[date.getUTCMonth()]}`;
        return isThisYear ? day : `${day} ${date.getUTCFullYear()}`;
    }
    const day = `${date.getUTCMonth() + 1} 月 ${date.getUTCDate()} 日`;
    return isThisYear ? day : `${date.getUTCFullYear()} 年 ${day}`;
}

/** "今天", "昨天", "10 月 7 日". */
export function nearDayText(at: string): string {
    const ms = Date.parse(at);
    const daysAgo = Math.floor((serverNowMs() + zoneMs) / dayMs) - Math.floor((ms + zoneMs) / dayMs);
    const english = language.value === 'en';
    if (daysAgo === 0) return english ? 'today' : '今天';
    if (daysAgo === 1) return english ? 'yesterday' : '昨天';
    return dayText(ms);
}

/** "09:12". */
export function clockText(at: string): string {
    const date = inChina(Date.parse(at));
    return `${twoDigits(date.getUTCHours())}:${twoDigits(date.getUTCMinutes())}`;
}

/** "今天 09:12", "昨天 18:00", "10 月 7 日 16:40". */
export function momentText(at: string): string {
    return `${nearDayText(at)} ${clockText(at)}`;
}

/** How long is left until `at` by the server's clock: "29 分 05 秒", never below zero. */
export function leftText(at: string, nowMs: number): string {
    const seconds = Math.max(0, Math.ceil((Date.parse(at) - nowMs) / 1000));
    const minutes = Math.floor(seconds / 60);
    const rest = twoDigits(seconds % 60);
    return language.value === 'en' ? `${minutes} min ${rest} s` : `${minutes} 分 ${rest} 秒`;
}
