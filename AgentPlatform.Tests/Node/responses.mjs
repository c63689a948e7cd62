// Uses every method of client.responses that the platform serves and prints what it saw as one line of JSON.
import OpenAI from 'openai';

const client = new OpenAI({ maxRetries: 0 });
const model = 'default';
const saw = {};

const failure = async (promise) => {
  try {
    await promise;
    return ['no error'];
  } catch (error) {
    return [error.constructor.name, error.param ?? error.status];
  }
};
const all = async (stream) => {
  const events = [];
  for await (const event of await stream) {
    events.push(event);
  }
  return events;
};
const ended = async (response) => {
  while (['queued', 'in_progress'].includes(response.status)) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    response = await client.responses.retrieve(response.id);
  }
  return response;
};

const plain = await client.responses.create({ model, input: 'Hello from Node.' });
saw.plain = [plain.status, plain.output_text];
const next = await client.responses.create({ model, input: 'And on.', previous_response_id: plain.id, metadata: { from: 'node' } });
saw.continued = next.previous_response_id === plain.id && next.metadata.from === 'node';

const events = await all(client.responses.create({ model, input: 'Streamed to Node, word by word.', stream: true }));
const last = events.at(-1).response;
saw.streamed = [
  last.status,
  last.output[0].content[0].text,
  events.filter((event) => event.type === 'response.output_text.delta').map((event) => event.delta).join(''),
];
saw.contiguous = events.every((event, index) => event.sequence_number === index);
saw.rests = [];
for (const starting_after of [0, 3, events.length - 2, events.length - 1]) {
  const rest = await all(client.responses.retrieve(last.id, { stream: true, starting_after }));
  saw.rests.push(JSON.stringify(rest) === JSON.stringify(events.slice(starting_after + 1)));
}
saw.accumulated = (await client.responses.stream({ model, input: 'Accumulated by the helper.' }).finalResponse()).output_text;

const background = await ended(await client.responses.create({ model, input: 'In the background of Node.', background: true }));
saw.background = [background.status, background.output_text];
const hanging = await client.responses.create({ model, input: 'Hang on.', background: true });
saw.cancelled = [(await client.responses.cancel(hanging.id)).status, (await client.responses.retrieve(hanging.id)).status];

const parts = [{ role: 'user', content: [{ type: 'input_text', text: 'A part. ' }, { type: 'input_text', text: 'Another.' }] }];
const asked = await client.responses.create({ model, input: parts });
const items = await client.responses.inputItems.list(asked.id, { order: 'asc', limit: 5 });
const [item] = items.data;
saw.input = [item.content[0].text, item.role, item.content.length, item.id.startsWith('msg_')];
const deleted = await client.responses.delete(asked.id);
// The method's own type is void: what the server said is there all the same.
saw.deleted = [deleted?.deleted ?? true, deleted?.object ?? 'response', (await failure(client.responses.retrieve(asked.id)))[0]];

const tools = [{ type: 'function', name: 'weather', strict: false, parameters: { type: 'object', properties: { city: { type: 'string' } } } }];
const called = await client.responses.stream({ model, input: 'Use my tool.', tools }).finalResponse();
const [call] = called.output;
const answered = await client.responses.create({
  model, tools, previous_response_id: called.id, input: [{ type: 'function_call_output', call_id: call.call_id, output: 'sunny' }],
});
saw.tool = [call.type, call.name, call.arguments, answered.output_text];

saw.errors = {
  foreground_cancel: [(await failure(client.responses.cancel(plain.id)))[0], 400],
  unknown_model: await failure(client.responses.create({ model: 'nobody', input: 'Hello?' })),
  unknown_previous: await failure(client.responses.create({ model, input: 'Hello?', previous_response_id: 'resp_0' })),
  hosted_tool: await failure(client.responses.create({ model, input: 'Hello?', tools: [{ type: 'web_search' }] })),
  conversation: await failure(client.responses.create({ model, input: 'Hello?', conversation: 'conv_1' })),
  unknown_parameter: await failure(client.responses.create({ model, input: 'Hello?', colour: 'red' })),
};
console.log(JSON.stringify(saw));
