// An MCP server over stdio, made with the official SDK, whose tools change, hang and die as a test tells them to.
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { z } from "zod";

const server = new McpServer({ name: "shifting", version: "1.0.0" }, { capabilities: { tools: { listChanged: true } } });
const text = value => ({ content: [{ type: "text", text: value }] });
const version = process.env.SCHEMA ?? "1";
let cancelled = 0;

// It does not end with its input: only the end of its process ends it.
setInterval(() => {}, 60_000);

const wait = extra => new Promise(resolve => {
  extra.signal.addEventListener("abort", () => {
    cancelled++;
    resolve(text("too late"));
  });
});

server.registerTool("hang", { description: "Never answers.", inputSchema: {}, annotations: { readOnlyHint: true } }, (_, extra) => wait(extra));
server.registerTool("hang_writing", { description: "Never answers, and may have written.", inputSchema: {} }, (_, extra) => wait(extra));
server.registerTool("cancelled", { description: "Counts cancelled calls.", inputSchema: {}, annotations: { readOnlyHint: true } }, () => text(`${cancelled}`));
server.registerTool("fail", { description: "Fails.", inputSchema: {}, annotations: { readOnlyHint: true } }, () => ({ ...text("There is no such order."), isError: true }));
server.registerTool("large", { description: "Says much.", inputSchema: {}, annotations: { readOnlyHint: true } }, () => text("x".repeat(100_000)));
server.registerTool("put", { description: "Writes with a key.", inputSchema: {}, annotations: { idempotentHint: true } }, (_, extra) => text(JSON.stringify(extra._meta ?? {})));
server.registerTool("ask", { description: "Asks back.", inputSchema: {}, annotations: { readOnlyHint: true } }, async (_, extra) => {
  try {
    await extra.sendRequest({ method: "roots/list" }, z.any());
    return text("answered");
  } catch (error) {
    return text(`refused: ${error.message}`);
  }
});

const parameters = schema => schema === "1" ? { amount: z.number() } : { amount: z.number(), account: z.string() };
const write = server.registerTool("transfer", { description: "Moves money.", inputSchema: parameters(version) }, () => text("moved"));
const read = server.registerTool("balance", { description: "Tells a balance.\u202E\u0007", inputSchema: parameters(version), annotations: { readOnlyHint: true } }, () => text("12"));
server.registerTool("shift", { description: "Changes the others.", inputSchema: {}, annotations: { readOnlyHint: true } }, () => {
  server.registerTool("added", { description: "Came later.", inputSchema: {}, annotations: { readOnlyHint: true } }, () => text("here"));
  write.update({ paramsSchema: parameters("2") });
  read.update({ paramsSchema: parameters("2") });
  return text("shifted");
});

await server.connect(new StdioServerTransport());
