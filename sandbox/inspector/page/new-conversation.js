// Beginning a conversation: which account's person writes, by which address, and to whom.

import { begin } from "./actions.js";
import { api } from "./api.js";
import { openDialog } from "./dialog.js";
import { element, fill } from "./dom.js";
import { accountChoice, choice, field, form, offer, suggesting } from "./form.js";
import { store } from "./store.js";

/** Ask for it in a dialog, and show the conversation. */
export function openNewConversation() {
  const account = accountChoice({ on: { change: () => settle() } });
  const { input: user, list } = suggesting([], { placeholder: "+49 170 1234567" });
  const sender = element("div");
  const channel = element("div");
  let read = () => ({});

  async function settle() {
    const id = account.value;
    const provider = store.providers.get(store.accounts.get(id)?.provider);
    if (!provider) return;
    const [senders, magic] = await Promise.all([api.senders(id), api.magic(provider.name)]);
    if (account.value !== id) return; // another was chosen meanwhile
    offer(
      list,
      magic.map(({ address, does }) => [address, does]),
    );
    const which =
      senders.length > 1 ? choice(senders.map((each) => [each.sender, `${each.sender} (${each.channel})`])) : null;
    const any = senders.length === 0 ? element("input", { autocomplete: "off" }) : null;
    const channels = Object.keys(provider.actions_by_channel);
    const where = channels.length ? choice(channels, { value: provider.default_channel }) : null;
    fill(
      sender,
      which
        ? field("To", which, { path: "sender" })
        : any
          ? field("To", any, { path: "sender", hint: "Whatever the business calls itself; may stay empty" })
          : null,
    );
    fill(channel, where ? field("Channel", where, { path: "channel" }) : null);
    read = () => ({ sender: (which ?? any)?.value || undefined, channel: where?.value });
  }

  const shown = openDialog(
    "New conversation",
    form(
      "Begin",
      [
        field("Account", account),
        field("Person", user, { path: "user", hint: "A phone number, or what else the provider knows people by" }),
        list,
        sender,
        channel,
      ],
      async () => {
        await begin({ account: account.value, user: user.value || undefined, ...read() });
        shown.close();
      },
    ),
    { narrow: true },
  );
  settle();
  user.focus();
}
