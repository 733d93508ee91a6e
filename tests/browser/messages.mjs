// The journeys of what the house writes to people. Walked by `shop.mjs` like the others.
import assert from 'node:assert/strict';
import { as, base, keeper, look, shipped, shopper, until } from './lib.mjs';

export const messageJourneys = [];
const journey = (name, walk, { widths = [360, 390, 1280], person = shopper } = {}) => messageJourneys.push({ name, walk, widths, person });

const inboxOf = (person, query = '') => as(person, 'GET', `/api/messages?limit=50${query}`);

journey('a parcel leaves: the message says so, opens its order, and is read', async (page, { item }) => {
  const order = await shipped(item);
  await until('the message was written', async () => (await inboxOf(shopper)).items.some((one) => one.about_id === order));
  const { unread_count: before } = await inboxOf(shopper);
  await page.goto(`${base}/me`);
  await page.waitForSelector('[data-test=unread]');
  await look(page, 'me-unread');
  await page.click('[data-test=messages]');
  await page.waitForSelector('[data-test=message] [data-test=dot]');
  await look(page, 'messages');
  await page.click('[data-test=message] >> nth=0');
  await page.waitForURL(`${base}/orders/${order}`);
  await page.waitForSelector('[data-test=order-state][data-state=shipped]');
  await until('it was read', async () => (await inboxOf(shopper)).unread_count === before - 1);
  await page.goBack();
  await page.waitForSelector('[data-test=message]');
  assert.equal(await page.locator('[data-test=message] >> nth=0').locator('[data-test=dot]').count(), 0);
  if (before > 1) {
    await page.click('[data-test=read-all]');
    await page.waitForSelector('[data-test=read-all]', { state: 'detached' });
  }
  assert.equal(await page.locator('[data-test=dot]').count(), 0);
  assert.equal((await inboxOf(shopper)).unread_count, 0);
});

journey('a listing that came back is told to its keeper, with the reason and the way to mend it', async (page) => {
  const { items } = await inboxOf(keeper);
  // Other journeys have listings of the same keeper refused; this is the one of the demo world.
  const back = items.find((one) => one.kind === 'listing_refused' && one.words.includes('分类放错了'));
  assert.ok(back);
  await page.goto(`${base}/messages`);
  await page.click('[data-test=message][data-kind=listing_refused]:has-text("分类放错了")');
  await page.waitForURL(`${base}/my-shop/${back.seller_id}/listings/${back.about_id}`);
  await page.waitForSelector('text=分类放错了');
}, { widths: [390], person: keeper });
