// Uses the models and chat completions of the official client and prints what it saw as one line of JSON.
import OpenAI from 'openai';

const client = new OpenAI({ maxRetries: 0 });
const model = 'default';
const saw = {};

const user = (content) => [{ role: 'user', content }];
const failure = async (promise) => {
  try {
    await promise;
    return ['no error'];
  } catch (error) {
    return [error.constructor.name, error.param ?? error.status, error.code];
  }
};

saw.models = (await client.models.list()).data.map((one) => one.id).includes(model);
saw.model = (await client.models.retrieve(model)).id;

const plain = await client.chat.completions.create({ model, messages: user('Hello from the chat of Node.') });
saw.plain = [plain.choices[0].message.content, plain.choices[0].finish_reason, plain.usage.total_tokens > 0, plain.object];

const known = await client.chat.completions.create({
  model,
  messages: [{ role: 'system', content: 'Be kind.' }, ...user('I am Ada.'), { role: 'assistant', content: 'Hello Ada.' }, ...user('Who am I, in Node?')],
});
saw.conversation = known.choices[0].message.content;

const chunks = [];
for await (const chunk of await client.chat.completions.create({
  model, messages: user('Streamed to the chat of Node, word by word.'), stream: true, stream_options: { include_usage: true },
})) {
  chunks.push(chunk);
}
saw.streamed = [
  chunks.map((chunk) => chunk.choices[0]?.delta?.content ?? '').join(''),
  chunks.filter((chunk) => chunk.choices.length > 0).at(-1).choices[0].finish_reason,
  chunks.at(-1).usage.total_tokens > 0,
  chunks[0].choices[0].delta.role,
  new Set(chunks.map((chunk) => chunk.id)).size,
];

const schema = { type: 'object', properties: { town: { type: 'string' } }, required: ['town'], additionalProperties: false };
const shaped = await client.chat.completions.create({
  model, messages: user('A town as JSON, for Node.'), response_format: { type: 'json_schema', json_schema: { name: 'town', schema, strict: true } },
});
saw.shaped = JSON.parse(shaped.choices[0].message.content).town;

const runner = client.chat.completions.runTools({
  model,
  messages: user('Where is order 4711, Node?'),
  tools: [{
    type: 'function',
    function: { name: 'find_order', description: 'Finds an order.', parameters: { type: 'object', properties: { id: { type: 'integer' } } }, parse: JSON.parse, function: ({ id }) => `Order ${id} is on its way.` },
  }],
});
saw.tools = await runner.finalContent();

saw.errors = {
  unknown_model: await failure(client.chat.completions.create({ model: 'nobody', messages: user('Hi') })),
  no_messages: await failure(client.chat.completions.create({ model, messages: [] })),
  image: await failure(client.chat.completions.create({ model, messages: user([{ type: 'image_url', image_url: { url: 'https://example.org/a.png' } }]) })),
  two_answers: await failure(client.chat.completions.create({ model, messages: user('Hi'), n: 2 })),
  unknown_parameter: await failure(client.chat.completions.create({ model, messages: user('Hi'), colour: 'red' })),
  strict: await failure(client.chat.completions.create({ model, messages: user('Fail for Node.') }, { headers: { 'X-Strict': 'true' } })),
};
const told = await client.chat.completions.create({ model, messages: user('Fail for Node.') });
saw.degraded = told.degraded.level;
const again = { headers: { 'Idempotency-Key': 'chat-of-node' } };
const once = await client.chat.completions.create({ model, messages: user('Once, Node.') }, again);
saw.once = once.id === (await client.chat.completions.create({ model, messages: user('Once, Node.') }, again)).id;

console.log(JSON.stringify(saw));
