// Who is here. The cookie is not readable by scripts, so a mark on the device says whether asking the server is worth it.
import { computed, readonly, ref, shallowReadonly, shallowRef } from 'vue';
import { api, ok, onSignedOut } from './api.ts';
import { keep, kept } from './device.ts';
import type { Person, Session } from './models.ts';
import { forgetReads } from './read.ts';
import { forgetOwn } from './worker.ts';

const signed = ref(kept('signed') === '1');
const known = shallowRef<Person | null>(null);
const knownId = ref(kept('person') ?? '');
const arrivals: (() => Promise<void>)[] = [];
const departures: (() => void)[] = [];

/** True when this device logged in and has not heard otherwise. */
export const isSignedIn = readonly(signed);
/** The person, once the server has told; null before that and without log-in. */
export const person = shallowReadonly(known);
/** The person's number, which the device remembers while it is logged in; empty when nobody is. */
export const personId = readonly(knownId);
/** The shops that the person keeps, for 我的店. */
export const ownSellerIds = computed<readonly string[]>(() => known.value?.organisation_ids ?? []);

export type Grant = Person['grants'][number];
export type Permission = 'sell' | 'refund' | 'operate' | 'review' | 'serve' | 'grant' | 'connect' | 'unmask' | 'audit';

/** How far the person may do this: one entry a shop, a county, or everything. Empty: not at all. The server decides again. */
export function reaches(permission: Permission): readonly Grant[] {
    return known.value?.grants.filter((grant) => grant.permission === permission) ?? [];
}

/** Whether there is anything at all that the person may do this to. */
export function may(permission: Permission): boolean {
    return reaches(permission).length > 0;
}

/** Whether the person may do this for a county or more: what a desk is open to, and no single shop. */
export function mayAtDesk(permission: Permission): boolean {
    return reaches(permission).some((grant) => grant.scope === 'county' || grant.scope === 'all');
}

/** Whether the person may do this everywhere. */
export function mayEverywhere(permission: Permission): boolean {
    return reaches(permission).some((grant) => grant.scope === 'all');
}

/** Calls `arrive` after each log-in, before the log-in page goes on. */
export function onSignedIn(arrive: () => Promise<void>): void {
    arrivals.push(arrive);
}

/** Calls `depart` after a log-out or when the server ended the session. */
export function onLeft(depart: () => void): void {
    departures.push(depart);
}

function note(next: Person | null): void {
    known.value = next;
    knownId.value = next?.id ?? '';
    keep('person', next?.id ?? null);
}

function forget(): void {
    signed.value = false;
    note(null);
    keep('signed', null);
    forgetReads();
    void forgetOwn();
    departures.forEach((depart) => depart());
}

onSignedOut(() => {
    if (signed.value) forget();
});

/** Asks the server who we are, when this device is logged in. */
export async function loadPerson(): Promise<void> {
    if (signed.value) note(await ok(api.GET('/api/people/me')));
}

/** Takes over a person whose data a page has just changed. */
export function setPerson(next: Person): void {
    note(next);
}

/** Enters with the reply of POST /api/sessions. */
export async function enter(session: Session): Promise<void> {
    // What an earlier person left behind, in a session that nobody ended, is not for this one.
    await forgetOwn();
    signed.value = true;
    note(session.person);
    keep('signed', '1');
    forgetReads();
    for (const arrive of arrivals) await arrive();
}

/** Logs out here and on the server. */
export async function leave(): Promise<void> {
    await ok(api.DELETE('/api/sessions/current'));
    forget();
    await forgetOwn();
}

/** The account is closed: nobody is here any more. */
export async function noteClosed(): Promise<void> {
    forget();
    await forgetOwn();
}
