// Tests of a small business on LINK Conversations against messaging-sandbox, with nothing but Node 20 and its own modules.
//
//   SANDBOX_URL=http://127.0.0.1:4700 node --test docs/examples/

import assert from "node:assert/strict";
import { createSign, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";

const SANDBOX = process.env.SANDBOX_URL ?? "http://127.0.0.1:4700";

// ------------------------------------------------------------------ the business under test, as it would talk to LINK

class Business {
  constructor(url, customerId, privateKey) {
    Object.assign(this, { url, customerId, privateKey });
    this.server = createServer((request, response) => this.take(request, response));
  }

  async listen() {
    await new Promise((ready) => this.server.listen(0, "127.0.0.1", ready));
    return `http://127.0.0.1:${this.server.address().port}/link`;
  }

  // LINK calls back: a tapped suggestion is thanked for.
  async take(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { message } = JSON.parse(Buffer.concat(chunks));
    const data = JSON.parse(Buffer.from(message.data, "base64"));
    response.writeHead(204).end();
    if (data.suggestionResponse) await this.send(data.senderPhoneNumber, { text: `Thank you for ${data.suggestionResponse.text}` });
  }

  // A token for an assertion that is signed with the customer's key: RS256, good for a minute.
  async token() {
    const now = Math.floor(Date.now() / 1000);
    const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const unsigned = `${part({ alg: "RS256", typ: "JWT" })}.${part({ iss: this.customerId, iat: now, exp: now + 60 })}`;
    const assertion = `${unsigned}.${createSign("RSA-SHA256").update(unsigned).sign(this.privateKey, "base64url")}`;
    const grant_type = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    const answer = await fetch(`${this.url}/auth/oauth2/token`, { method: "POST", body: new URLSearchParams({ grant_type, assertion }) });
    return (await answer.json()).access_token;
  }

  // Send a message; trouble of the platform is met by one more try with the same id.
  async send(phone, messageContent) {
    const url = `${this.url}/gateway/lmc/v1/phone/${phone}/conversationMessage?messageId=${randomUUID()}`;
    const headers = { Authorization: `Bearer ${await this.token()}`, "Content-Type": "application/json" };
    const post = () => fetch(url, { method: "POST", headers, body: JSON.stringify({ messageContent }) });
    const answer = await post();
    return answer.status >= 500 ? await post() : answer;
  }
}

// ----------------------------------------------------------------------------------------- the sandbox's control API

async function control(method, path, body) {
  const headers = body && { "Content-Type": "application/json" };
  const answer = await fetch(`${SANDBOX}/_sandbox${path}`, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return text && JSON.parse(text);
}

// -------------------------------------------------------------------------------------------------------- the tests

let account, business;

// Each file has an account of its own, so that files may run side by side and never see one another.
before(async () => {
  account = await control("POST", "/accounts", { provider: "link" });
  business = new Business(SANDBOX, account.credentials.customer_id, account.credentials.private_key);
  await control("PATCH", `/accounts/${account.id}`, { webhook: { url: await business.listen() } });
});

beforeEach(() => control("POST", `/reset?account=${account.id}`));

after(async () => {
  await control("DELETE", `/accounts/${account.id}`);
  business.server.close();
});

test("a tapped suggestion is thanked for", async () => {
  await business.send("+491234567890", { text: "Shall we begin?", suggestions: [{ text: "Yes", callbackData: "yes" }] });
  await control("POST", "/actions?wait=5", { account: account.id, user: "+491234567890", type: "tap", suggestion: "Yes" });
  const { items } = await control("GET", `/messages?account=${account.id}&direction=outbound&wait=5&count=2`);
  assert.deepEqual(items.map((message) => message.text), ["Shall we begin?", "Thank you for Yes"]);
});

test("trouble of the platform is met by one more try", async () => {
  const effect = { type: "status", status: 503 };
  await control("POST", "/faults", { account: account.id, on: "request", match: { operation: "sendMessage" }, effect, times: 1 });
  assert.equal((await business.send("+491234567890", { text: "Hello" })).status, 200);
  const { items } = await control("GET", `/requests?account=${account.id}&operation=sendMessage`);
  assert.deepEqual(items.map((request) => request.status), [503, 200]);
});

test("a message that breaks a rule is refused, and the journal says which", async () => {
  assert.equal((await business.send("+491234567890", { text: "" })).status, 400);
  const { items } = await control("GET", `/requests?account=${account.id}&status=400`);
  assert.equal(items[0].rule, "LINK-MSG-13");
});

test("time moves when the test says so", async () => {
  await control("PUT", `/clock?account=${account.id}`, { mode: "virtual", now: new Date().toISOString() });
  await business.send("+491234567890", { text: "Hello" });
  for (const [seconds, status] of [[0, "accepted"], [0.2, "delivered"], [86400, "read"]]) {
    await control("POST", `/clock/advance?account=${account.id}`, { seconds });
    const { items } = await control("GET", `/messages?account=${account.id}&direction=outbound`);
    assert.equal(items[0].status, status);
  }
});
