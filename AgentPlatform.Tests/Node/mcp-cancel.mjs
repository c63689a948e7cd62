// Asks the agent 'default' by the official TypeScript client, and cancels at the first sign of life. Ends well when the client took that for the end of the call.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const [url, question] = process.argv.slice(2);
const client = new Client({ name: 'agentplatform-tests', version: '1.0.0' });
await client.connect(new StreamableHTTPClientTransport(new URL(url)));

const cancelling = new AbortController();
const call = client.callTool({ name: 'default', arguments: { question, timeout: 60 } }, undefined, {
  signal: cancelling.signal,
  onprogress: () => cancelling.abort('The test has seen enough.'),
});
const cancelled = await call.then(() => false, () => cancelling.signal.aborted);

// The notification is on its way: another request is answered after it was taken.
await client.ping();
process.exit(cancelled ? 0 : 1);
