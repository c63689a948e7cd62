// The official agents SDK with one of our agents as its model, and a tool of its own.
import { Agent, run, setOpenAIAPI, setTracingDisabled, tool } from '@openai/agents';
import { z } from 'zod';

setTracingDisabled(true);
setOpenAIAPI(process.argv[2]);
const weather = tool({
  name: 'weather_here',
  description: 'Tells the weather of a town.',
  parameters: z.object({ town: z.string() }),
  execute: async ({ town }) => `It rains in ${town}.`,
});
const agent = new Agent({ name: 'Weather', instructions: 'Use the tool.', model: 'default', tools: [weather] });
const result = await run(agent, `How is the weather in Hamburg, by ${process.argv[2]}?`);
console.log(JSON.stringify({ answer: result.finalOutput }));
