// What the person of a conversation can do, and doing it.

import { api } from "./api.js";
import { tweaked } from "./callback-tweak.js";
import { keyOf, store } from "./store.js";

/** Return the actions that a provider has a callback for on this channel; nothing else is offered. */
export function possible({ provider, channel }) {
  const all = store.providers.get(provider);
  return new Set(all?.actions_by_channel[channel] ?? all?.actions ?? []);
}

/** Do something as the person. Raises `Problem` if it is refused. */
export async function act(conversation, action) {
  const { account, sender, user, channel, messages } = conversation;
  const told = messages.length ? {} : { channel: channel ?? undefined };
  return tweaked((how) => api.act({ account, user, sender: sender || undefined, ...told, ...action, ...how }));
}

/** Begin a conversation, at the addresses that the sandbox makes of these. Raises `Problem`. */
export async function begin({ account, user, sender, channel }) {
  const place = await api.place(account, { user, sender });
  store.open(account, place.sender, place.user, channel || place.channel);
  return keyOf({ account, sender: place.sender, user: place.user });
}
