// Asks once, through something that answers 500 twice after the platform has answered, with the client's own two retries.
import OpenAI from 'openai';

const client = new OpenAI({ maxRetries: 2, defaultHeaders: { 'Cache-Control': 'no-store' } });
const answer = await client.chat.completions.create({ model: 'default', messages: [{ role: 'user', content: process.argv[2] }], metadata: { case: 'retries' } });
console.log(JSON.stringify({ answer: answer.choices[0].message.content, run: answer.run_id }));
